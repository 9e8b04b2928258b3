-- What people lead, and which branches a region has: news about an agent, team or branch goes to its leaders.
ALTER TABLE people ADD COLUMN teams uuid[] NOT NULL DEFAULT '{}', ADD COLUMN branches uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN regions text[] NOT NULL DEFAULT '{}';
CREATE TABLE branches (id uuid PRIMARY KEY, region text NOT NULL);
