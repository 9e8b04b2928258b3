-- Who sees which rows. A sale is in the reach of its agents, teams and branch as they were frozen; a split sale also
-- in that of each share. What sales knows of agents (names, authorisations) is only ever joined to such rows.
SELECT moonbase.limit_rows('sales.known_assignments', agent => 'agent_id', team => 'team_id', branch => 'branch_id');

-- As its owner, whom policies let through: the policies of sales and shares would else ask each other.
CREATE FUNCTION shared_in_reach(sale uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = sales, pg_temp AS $$
  SELECT EXISTS (SELECT FROM sales.shares x WHERE x.sale_id = sale
    AND (x.agent_id = moonbase.own_agent() OR x.team_id = ANY (moonbase.own_teams())
         OR x.branch_id = ANY (moonbase.own_branches())))
$$;
SELECT moonbase.limit_rows_by('sales.sales', $$
  agent_id = (SELECT moonbase.own_agent()) OR team_id = ANY ((SELECT moonbase.own_teams())::uuid[])
  OR branch_id = ANY ((SELECT moonbase.own_branches())::uuid[]) OR (split AND sales.shared_in_reach(id))$$);
SELECT moonbase.limit_rows_by('sales.' || child, 'EXISTS (SELECT FROM sales.sales s WHERE s.id = sale_id)')
  FROM unnest(ARRAY['shares', 'changes']) AS child;

-- Sales that were not taken in: those of agents in reach, and what one sent oneself.
SELECT moonbase.limit_rows_by('sales.rejected', $$
  actor = 'person:' || (SELECT moonbase.own_person())
  OR EXISTS (SELECT FROM sales.known_agents k JOIN sales.known_assignments p ON p.agent_id = k.id
              WHERE k.code = ANY (agents))$$);

-- Totals and targets go by their subject; those of products and of the company are for who reaches everything.
CREATE FUNCTION subject_in_reach(kind text, subject uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE kind WHEN 'agent' THEN EXISTS (SELECT FROM sales.known_assignments a WHERE a.agent_id = subject)
                   WHEN 'team' THEN subject = ANY (moonbase.own_teams())
                   WHEN 'branch' THEN subject = ANY (moonbase.own_branches()) ELSE false END
$$;
SELECT moonbase.limit_rows_by('sales.' || counted, 'sales.subject_in_reach(kind, subject_id)')
  FROM unnest(ARRAY['daily', 'targets']) AS counted;
SELECT moonbase.limit_rows_by('sales.' || child, 'EXISTS (SELECT FROM sales.targets t WHERE t.id = target_id)')
  FROM unnest(ARRAY['target_revisions', 'progress', 'reached']) AS child;

-- Whether a reach, as `{"agent", "teams", "branches"}`, holds a sale: batched writes run as the system and ask it for
-- each row whose sender does not reach everything.
CREATE FUNCTION reaches(within jsonb, agent uuid, team uuid, branch uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(within->>'agent' = agent::text OR within->'teams' ? team::text OR within->'branches' ? branch::text,
                  false)
$$;
