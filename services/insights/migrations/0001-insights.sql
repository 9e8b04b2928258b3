-- Names and targets: insights' own copy, kept by reactions. A row is replaced only by a later event.
CREATE TABLE branches (
  id uuid PRIMARY KEY, code text NOT NULL, name text NOT NULL, region text NOT NULL,
  active boolean NOT NULL, position bigint NOT NULL
);
CREATE TABLE teams (
  id uuid PRIMARY KEY, name text NOT NULL, active boolean NOT NULL, position bigint NOT NULL
);
CREATE TABLE products (
  id uuid PRIMARY KEY, code text NOT NULL, type text NOT NULL, name text NOT NULL,
  target_amount numeric(19,4), currency text, active boolean NOT NULL, position bigint NOT NULL
);
-- The name is personal: it is joined to figures when they are shown, and gone once the agent is erased.
CREATE TABLE agents (
  id uuid PRIMARY KEY, code text NOT NULL, name text, active boolean NOT NULL,
  erased boolean NOT NULL DEFAULT false, position bigint NOT NULL
);
CREATE TABLE targets (
  id uuid PRIMARY KEY, revision integer NOT NULL, kind text NOT NULL, subject_id uuid,
  period text NOT NULL, from_day date NOT NULL, to_day date, repeats boolean NOT NULL,
  measure text NOT NULL, value numeric(19,4) NOT NULL, currency text, deleted boolean NOT NULL,
  position bigint NOT NULL
);
CREATE INDEX targets_by_subject ON targets (kind, subject_id) WHERE NOT deleted;

-- The cubes: a cell per day (month) and combination of branch, team and product, at each level of detail.
-- `level` says which of the three a cell tells apart: branch 4, team 2, product 1; of the others it holds
-- the whole, and they are null. So a question reads only as many cells as it shows or filters by. A sale
-- counts once in a cell; at levels with teams once for every team that has a share in it (no team: null).
-- Day: the sale's business day.
CREATE TABLE days (
  level smallint NOT NULL, day date NOT NULL, branch_id uuid, team_id uuid, product_id uuid,
  currency text COLLATE "C" NOT NULL, amount numeric(24,4) NOT NULL, sales bigint NOT NULL,
  CONSTRAINT days_cell UNIQUE NULLS NOT DISTINCT (level, day, branch_id, team_id, product_id, currency)
) WITH (fillfactor = 80);
CREATE INDEX days_by_filter ON days (level, branch_id, team_id, product_id, day) WHERE level IN (3, 5, 6, 7);
CREATE TABLE months (
  level smallint NOT NULL, month date NOT NULL, branch_id uuid, team_id uuid, product_id uuid,
  currency text COLLATE "C" NOT NULL, amount numeric(24,4) NOT NULL, sales bigint NOT NULL,
  CONSTRAINT months_cell UNIQUE NULLS NOT DISTINCT (level, month, branch_id, team_id, product_id, currency)
) WITH (fillfactor = 80);
CREATE INDEX months_by_filter ON months (level, branch_id, team_id, product_id, month) WHERE level IN (3, 5, 6, 7);
-- By the hour a sale was made in, at the finest level, kept for eight days. `sales` counts a sale in the
-- cell of its leading share only, `team_sales` once for each of its teams.
CREATE TABLE hours (
  hour timestamptz NOT NULL, branch_id uuid NOT NULL, team_id uuid, product_id uuid NOT NULL,
  currency text COLLATE "C" NOT NULL, amount numeric(24,4) NOT NULL, sales bigint NOT NULL,
  team_sales bigint NOT NULL,
  CONSTRAINT hours_cell UNIQUE NULLS NOT DISTINCT (hour, branch_id, team_id, product_id, currency)
) WITH (fillfactor = 80);
CREATE TABLE agent_days (
  day date NOT NULL, agent_id uuid NOT NULL, branch_id uuid NOT NULL, team_id uuid,
  currency text COLLATE "C" NOT NULL, amount numeric(24,4) NOT NULL, sales bigint NOT NULL,
  CONSTRAINT agent_days_cell UNIQUE NULLS NOT DISTINCT (day, agent_id, branch_id, team_id, currency)
) WITH (fillfactor = 80);
CREATE TABLE agent_months (
  month date NOT NULL, agent_id uuid NOT NULL, branch_id uuid NOT NULL, team_id uuid,
  currency text COLLATE "C" NOT NULL, amount numeric(24,4) NOT NULL, sales bigint NOT NULL,
  CONSTRAINT agent_months_cell UNIQUE NULLS NOT DISTINCT (month, agent_id, branch_id, team_id, currency)
) WITH (fillfactor = 80);

-- What events moved and the cubes don't hold yet. Reactions only insert here, so that lanes never wait for
-- each other's cells; a reaction folds them into the cubes about once a second. Questions read both.
CREATE TABLE deltas (
  hour timestamptz NOT NULL, day date NOT NULL, branch_id uuid NOT NULL, team_id uuid,
  product_id uuid NOT NULL, currency text COLLATE "C" NOT NULL, amount numeric(24,4) NOT NULL,
  sales bigint NOT NULL, team_sales bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE TABLE agent_deltas (
  day date NOT NULL, agent_id uuid NOT NULL, branch_id uuid NOT NULL, team_id uuid,
  currency text COLLATE "C" NOT NULL, amount numeric(24,4) NOT NULL, sales bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE VIEW hour_figures AS
  SELECT hour, branch_id, team_id, product_id, currency, amount, sales, team_sales FROM hours
  UNION ALL
  SELECT hour, branch_id, team_id, product_id, currency, amount, sales, team_sales FROM deltas;

-- Cells of one level, cubes and deltas together.
CREATE FUNCTION day_figures(at_level integer, from_day date, to_day date)
RETURNS TABLE (day date, branch_id uuid, team_id uuid, product_id uuid, currency text, amount numeric, sales bigint)
LANGUAGE sql STABLE AS $$
  SELECT d.day, d.branch_id, d.team_id, d.product_id, d.currency, d.amount, d.sales
    FROM insights.days d WHERE d.level = at_level AND d.day BETWEEN from_day AND to_day
  UNION ALL
  SELECT d.day, CASE WHEN at_level & 4 > 0 THEN d.branch_id END, CASE WHEN at_level & 2 > 0 THEN d.team_id END,
         CASE WHEN at_level & 1 > 0 THEN d.product_id END, d.currency, d.amount,
         CASE WHEN at_level & 2 > 0 THEN d.team_sales ELSE d.sales END
    FROM insights.deltas d WHERE d.day BETWEEN from_day AND to_day
$$;
CREATE FUNCTION month_figures(at_level integer, from_day date, to_day date)
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
   WHERE date_trunc('month', d.day::timestamp)::date BETWEEN date_trunc('month', from_day::timestamp)::date AND to_day
$$;

-- Of a stretch of days: whole months from `months`, the days at its ends from `days`.
CREATE FUNCTION range_figures(at_level integer, from_day date, to_day date)
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
    FROM insights.deltas d WHERE d.day BETWEEN from_day AND to_day
$$;

CREATE FUNCTION range_agent_figures(from_day date, to_day date)
RETURNS TABLE (agent_id uuid, branch_id uuid, team_id uuid, currency text, amount numeric, sales bigint)
LANGUAGE sql STABLE AS $$
  SELECT m.agent_id, m.branch_id, m.team_id, m.currency, m.amount, m.sales FROM insights.agent_months m
   WHERE m.month >= date_trunc('month', from_day::timestamp + interval '1 month - 1 day')::date
     AND m.month < date_trunc('month', to_day::timestamp + interval '1 day')::date
  UNION ALL
  SELECT d.agent_id, d.branch_id, d.team_id, d.currency, d.amount, d.sales FROM insights.agent_days d
   WHERE d.day >= from_day
     AND d.day <= least(to_day, date_trunc('month', from_day::timestamp + interval '1 month - 1 day')::date - 1)
  UNION ALL
  SELECT d.agent_id, d.branch_id, d.team_id, d.currency, d.amount, d.sales FROM insights.agent_days d
   WHERE d.day <= to_day
     AND d.day >= greatest(date_trunc('month', from_day::timestamp + interval '1 month - 1 day')::date,
                           date_trunc('month', to_day::timestamp + interval '1 day')::date)
  UNION ALL
  SELECT d.agent_id, d.branch_id, d.team_id, d.currency, d.amount, d.sales FROM insights.agent_deltas d
   WHERE d.day BETWEEN from_day AND to_day
$$;

-- The amount target that holds for each subject on a day: of a product the open-ended one before others and
-- its own target amount where there is none; else the one with the shortest period.
CREATE FUNCTION running_targets(today date, in_currency text)
RETURNS TABLE (kind text, subject_id uuid, target_id uuid, value numeric, from_day date, to_day date)
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (t.kind, t.subject_id) t.kind, t.subject_id, t.id, t.value, t.from_day, t.to_day
    FROM (
      SELECT s.kind, s.subject_id, s.id, s.value, s.position,
             CASE WHEN s.repeats THEN date_trunc(s.period, today::timestamp)::date ELSE s.from_day END AS from_day,
             CASE WHEN s.repeats THEN (date_trunc(s.period, today::timestamp)
                  + CASE s.period WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months'
                         ELSE interval '1 year' END)::date - 1
                  ELSE s.to_day END AS to_day,
             CASE s.period WHEN 'month' THEN 1 WHEN 'quarter' THEN 2 WHEN 'year' THEN 3
                  ELSE CASE WHEN s.kind = 'product' THEN 0 ELSE 4 END END AS preference
        FROM insights.targets s
       WHERE NOT s.deleted AND s.measure = 'amount' AND s.currency = in_currency
         AND s.from_day <= today AND (s.repeats OR s.to_day IS NULL OR s.to_day >= today)
      UNION ALL
      SELECT 'product', p.id, NULL, p.target_amount, p.position, '-infinity', NULL, 5
        FROM insights.products p WHERE p.target_amount IS NOT NULL AND p.currency = in_currency
    ) AS t
   ORDER BY t.kind, t.subject_id, t.preference, t.position DESC
$$;

-- Running targets of the company, branches, teams and products with what was sold within their periods.
CREATE FUNCTION target_progress(today date, in_currency text)
RETURNS TABLE (kind text, subject_id uuid, target_id uuid, value numeric, from_day date, to_day date, total numeric)
LANGUAGE sql STABLE AS $$
  WITH running AS MATERIALIZED (
    SELECT r.*, CASE r.kind WHEN 'branch' THEN 4 WHEN 'team' THEN 2 WHEN 'product' THEN 1 ELSE 0 END AS level
      FROM insights.running_targets(today, in_currency) r WHERE r.kind <> 'agent'),
  -- Figures of a period are read once, whatever the number of its targets.
  sums AS MATERIALIZED (
    SELECT p.level, p.from_day, p.to_day, coalesce(f.branch_id, f.team_id, f.product_id) AS subject_id,
           sum(f.amount) AS total
      FROM (SELECT DISTINCT r.level, r.from_day, r.to_day FROM running r) AS p
     CROSS JOIN LATERAL insights.range_figures(p.level, greatest(p.from_day, '1900-01-01'),
                                               coalesce(p.to_day, '2999-12-31')) f
     WHERE f.currency = in_currency GROUP BY 1, 2, 3, 4)
  SELECT r.kind, r.subject_id, r.target_id, r.value, r.from_day, r.to_day, coalesce(s.total, 0)
    FROM running r
    LEFT JOIN sums s ON s.level = r.level AND s.from_day = r.from_day
                    AND s.to_day IS NOT DISTINCT FROM r.to_day
                    AND (r.level = 0 OR s.subject_id = r.subject_id)
$$;

-- Notifications as they stand; how many of each status were made on a day, and per agent in a month.
CREATE TABLE notifications (
  id uuid PRIMARY KEY, agent_id uuid, channel text NOT NULL, kind text NOT NULL, status text NOT NULL,
  made_at timestamptz NOT NULL, day date NOT NULL, position bigint NOT NULL
);
CREATE INDEX notifications_by_time ON notifications (made_at, agent_id);
CREATE TABLE notification_days (
  day date NOT NULL, status text NOT NULL, notifications bigint NOT NULL, PRIMARY KEY (day, status)
) WITH (fillfactor = 80);
CREATE TABLE notification_months (
  month date NOT NULL, agent_id uuid NOT NULL, notifications bigint NOT NULL, PRIMARY KEY (month, agent_id)
) WITH (fillfactor = 80);

-- The insight tables, built from the lake by the schedule: one set of rows per run, kept.
CREATE TABLE runs (
  id uuid PRIMARY KEY,
  -- schedule, person, backfill
  trigger text NOT NULL,
  -- As of when the figures are.
  aggregation_date timestamptz NOT NULL,
  started_at timestamptz NOT NULL, ended_at timestamptz,
  -- Of the log, up to which the lake was read.
  position bigint, currency text, rows jsonb, error text
);
CREATE INDEX runs_by_date ON runs (aggregation_date DESC, id DESC);
-- `progress`: within the target's period. `expected`: the target's even part by then; the whole of it where it
-- has no end.
CREATE TABLE team_performance (
  run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE, team_id uuid NOT NULL, name text NOT NULL,
  total numeric(24,4) NOT NULL, count bigint NOT NULL, target numeric(19,4),
  progress numeric(24,4), expected numeric(24,4),
  status text NOT NULL, aggregation_date timestamptz NOT NULL, PRIMARY KEY (run_id, team_id)
);
CREATE TABLE branch_performance (
  run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE, branch_id uuid NOT NULL, name text NOT NULL,
  total numeric(24,4) NOT NULL, count bigint NOT NULL, target numeric(19,4),
  progress numeric(24,4), expected numeric(24,4),
  status text NOT NULL, aggregation_date timestamptz NOT NULL, PRIMARY KEY (run_id, branch_id)
);
CREATE TABLE product_performance (
  run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE, product_id uuid NOT NULL, name text NOT NULL,
  total numeric(24,4) NOT NULL, count bigint NOT NULL, target numeric(19,4),
  progress numeric(24,4), expected numeric(24,4),
  status text NOT NULL, aggregation_date timestamptz NOT NULL, PRIMARY KEY (run_id, product_id)
);
CREATE TABLE most_notified_agents (
  run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE, agent_id uuid NOT NULL, count bigint NOT NULL,
  aggregation_date timestamptz NOT NULL, PRIMARY KEY (run_id, agent_id)
);
CREATE INDEX most_notified_agents_by_date ON most_notified_agents (aggregation_date) INCLUDE (agent_id, count);
CREATE TABLE notification_status (
  run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE, status text NOT NULL, count bigint NOT NULL,
  aggregation_date timestamptz NOT NULL, PRIMARY KEY (run_id, status)
);

-- Queries that analysts keep.
CREATE TABLE queries (
  id uuid PRIMARY KEY, owner text NOT NULL, owner_name text NOT NULL, title text NOT NULL,
  sql text NOT NULL, shared boolean NOT NULL DEFAULT false, revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE INDEX queries_by_owner ON queries (owner, title);
CREATE INDEX queries_shared ON queries (title) WHERE shared;
