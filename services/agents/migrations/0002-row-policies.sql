-- Who sees which rows: agents by themselves, their team or their branch of today; what belongs to an agent with it.
-- Branches, teams and products are for everybody who may see agents.
SELECT moonbase.limit_rows('agents.agents', agent => 'id', team => 'team_id', branch => 'branch_id');
SELECT moonbase.limit_rows_by('agents.' || child, 'EXISTS (SELECT FROM agents.agents a WHERE a.id = agent_id)')
  FROM unnest(ARRAY['agent_words', 'authorisations', 'assignments', 'changes']) AS child;
-- Files are imported by those who reach every agent.
SELECT moonbase.limit_rows('agents.imports');
SELECT moonbase.limit_rows('agents.rejected_rows');
