-- Who sees which figures. A question asks cells that tell apart what its asker's reach is made of (level 4 for
-- branches, 2 for teams; see features/reach-level.ts), and these policies leave those in reach: plain totals of a branch
-- or team are for its leaders and above. Names of agents are only ever joined to such rows.
SELECT moonbase.limit_rows('insights.' || cube, team => 'team_id', branch => 'branch_id')
  FROM unnest(ARRAY['days', 'months', 'hours', 'deltas']) AS cube;
SELECT moonbase.limit_rows('insights.' || cube, agent => 'agent_id', team => 'team_id', branch => 'branch_id')
  FROM unnest(ARRAY['agent_days', 'agent_months', 'agent_deltas']) AS cube;

-- Where an agent belongs today: notifications of an agent are in the reach of its leaders of today.
ALTER TABLE agents ADD COLUMN branch_id uuid, ADD COLUMN team_id uuid;
CREATE FUNCTION agent_in_reach(agent uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM insights.agents a WHERE a.id = agent
    AND (a.id = moonbase.own_agent() OR a.team_id = ANY (moonbase.own_teams())
         OR a.branch_id = ANY (moonbase.own_branches())))
$$;
SELECT moonbase.limit_rows_by('insights.' || told, 'insights.agent_in_reach(agent_id)')
  FROM unnest(ARRAY['notifications', 'notification_months', 'most_notified_agents']) AS told;

SELECT moonbase.limit_rows('insights.team_performance', team => 'team_id');
SELECT moonbase.limit_rows('insights.branch_performance', branch => 'branch_id');
SELECT moonbase.limit_rows_by('insights.targets', $$
  CASE kind WHEN 'agent' THEN insights.agent_in_reach(subject_id)
            WHEN 'team' THEN subject_id = ANY (moonbase.own_teams())
            WHEN 'branch' THEN subject_id = ANY (moonbase.own_branches()) ELSE false END$$);
-- Of the whole: for who reaches everything.
SELECT moonbase.limit_rows('insights.' || whole)
  FROM unnest(ARRAY['product_performance', 'notification_status', 'notification_days']) AS whole;

-- Level 8: one's own figures, from the cubes of agents, which don't know products.
CREATE OR REPLACE FUNCTION day_figures(at_level integer, from_day date, to_day date)
RETURNS TABLE (day date, branch_id uuid, team_id uuid, product_id uuid, currency text, amount numeric, sales bigint)
LANGUAGE sql STABLE AS $$
  SELECT d.day, d.branch_id, d.team_id, d.product_id, d.currency, d.amount, d.sales
    FROM insights.days d WHERE d.level = at_level AND d.day BETWEEN from_day AND to_day
  UNION ALL
  SELECT d.day, CASE WHEN at_level & 4 > 0 THEN d.branch_id END, CASE WHEN at_level & 2 > 0 THEN d.team_id END,
         CASE WHEN at_level & 1 > 0 THEN d.product_id END, d.currency, d.amount,
         CASE WHEN at_level & 2 > 0 THEN d.team_sales ELSE d.sales END
    FROM insights.deltas d WHERE at_level < 8 AND d.day BETWEEN from_day AND to_day
  UNION ALL
  SELECT d.day, NULL, NULL, NULL, d.currency, d.amount, d.sales
    FROM insights.agent_days d WHERE at_level = 8 AND d.day BETWEEN from_day AND to_day
  UNION ALL
  SELECT d.day, NULL, NULL, NULL, d.currency, d.amount, d.sales
    FROM insights.agent_deltas d WHERE at_level = 8 AND d.day BETWEEN from_day AND to_day
$$;
CREATE OR REPLACE FUNCTION month_figures(at_level integer, from_day date, to_day date)
RETURNS TABLE (month date, branch_id uuid, team_id uuid, product_id uuid, currency text, amount numeric, sales bigint)
LANGUAGE sql STABLE AS $$
  SELECT m.month, m.branch_id, m.team_id, m.product_id, m.currency, m.amount, m.sales
    FROM insights.months m
   WHERE m.level = at_level AND m.month BETWEEN date_trunc('month', from_day::timestamp)::date AND to_day
  UNION ALL
  SELECT date_trunc('month', d.day::timestamp)::date, CASE WHEN at_level & 4 > 0 THEN d.branch_id END,
         CASE WHEN at_level & 2 > 0 THEN d.team_id END, CASE WHEN at_level & 1 > 0 THEN d.product_id END,
         d.currency, d.amount, CASE WHEN at_level & 2 > 0 THEN d.team_sales ELSE d.sales END
    FROM insights.deltas d
   WHERE at_level < 8
     AND date_trunc('month', d.day::timestamp)::date BETWEEN date_trunc('month', from_day::timestamp)::date AND to_day
  UNION ALL
  SELECT m.month, NULL, NULL, NULL, m.currency, m.amount, m.sales
    FROM insights.agent_months m
   WHERE at_level = 8 AND m.month BETWEEN date_trunc('month', from_day::timestamp)::date AND to_day
  UNION ALL
  SELECT date_trunc('month', d.day::timestamp)::date, NULL, NULL, NULL, d.currency, d.amount, d.sales
    FROM insights.agent_deltas d
   WHERE at_level = 8
     AND date_trunc('month', d.day::timestamp)::date BETWEEN date_trunc('month', from_day::timestamp)::date AND to_day
$$;
CREATE OR REPLACE FUNCTION range_figures(at_level integer, from_day date, to_day date)
RETURNS TABLE (branch_id uuid, team_id uuid, product_id uuid, currency text, amount numeric, sales bigint)
LANGUAGE sql STABLE AS $$
  SELECT m.branch_id, m.team_id, m.product_id, m.currency, m.amount, m.sales
    FROM insights.months m
   WHERE m.level = at_level
     AND m.month >= date_trunc('month', from_day::timestamp + interval '1 month - 1 day')::date
     AND m.month < date_trunc('month', to_day::timestamp + interval '1 day')::date
  UNION ALL
  SELECT d.branch_id, d.team_id, d.product_id, d.currency, d.amount, d.sales
    FROM insights.days d
   WHERE d.level = at_level AND d.day >= from_day
     AND d.day <= least(to_day, date_trunc('month', from_day::timestamp + interval '1 month - 1 day')::date - 1)
  UNION ALL
  SELECT d.branch_id, d.team_id, d.product_id, d.currency, d.amount, d.sales
    FROM insights.days d
   WHERE d.level = at_level AND d.day <= to_day
     AND d.day >= greatest(date_trunc('month', from_day::timestamp + interval '1 month - 1 day')::date,
                           date_trunc('month', to_day::timestamp + interval '1 day')::date)
  UNION ALL
  SELECT CASE WHEN at_level & 4 > 0 THEN d.branch_id END, CASE WHEN at_level & 2 > 0 THEN d.team_id END,
         CASE WHEN at_level & 1 > 0 THEN d.product_id END, d.currency, d.amount,
         CASE WHEN at_level & 2 > 0 THEN d.team_sales ELSE d.sales END
    FROM insights.deltas d WHERE at_level < 8 AND d.day BETWEEN from_day AND to_day
  UNION ALL
  SELECT NULL, NULL, NULL, f.currency, f.amount, f.sales
    FROM insights.range_agent_figures(from_day, to_day) f WHERE at_level = 8
$$;
