-- What somebody leads: rows of these teams, branches and regions are in their reach, as far as their roles say.
ALTER TABLE people
  ADD COLUMN teams uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN branches uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN regions text[] NOT NULL DEFAULT '{}';
-- The one role that led all agents has become one for each reach.
UPDATE people SET roles = array_replace(roles, 'manager', 'branch-manager') WHERE 'manager' = ANY (roles);

-- Where agents belong, and the branches of a region: people's own copy, kept by the reaction copy-places.
CREATE TABLE known_agents (id uuid PRIMARY KEY, branch_id uuid NOT NULL, team_id uuid);
CREATE TABLE known_branches (id uuid PRIMARY KEY, region text NOT NULL);
CREATE INDEX known_branches_region ON known_branches (region);
