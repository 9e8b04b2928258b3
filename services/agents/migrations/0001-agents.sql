-- Moon's reference data: agents with what they may sell and where they belong, branches, teams, products.

CREATE TABLE branches (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  name text NOT NULL,
  region text NOT NULL,
  zone text,
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE teams (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE products (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  type text NOT NULL,
  name text NOT NULL,
  target_amount numeric(19,4),
  currency text,
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  CHECK ((target_amount IS NULL) = (currency IS NULL))
);

-- Personal: first_name, last_name, email, contact. All null once erased.
CREATE TABLE agents (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  status text NOT NULL CHECK (status IN ('active', 'inactive')),
  first_name text,
  last_name text,
  email text,
  contact text,
  hire_date date,
  -- Of the assignment in force: kept here because lists filter by them.
  branch_id uuid NOT NULL REFERENCES branches,
  team_id uuid REFERENCES teams,
  erased boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX agents_by_branch ON agents (branch_id, code);
CREATE INDEX agents_by_team ON agents (team_id, code);

-- What an agent is found by: each word of code, names and email in lower case, without accents. Personal.
CREATE TABLE agent_words (
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  word text NOT NULL,
  PRIMARY KEY (agent_id, word)
);
CREATE INDEX agent_words_by_beginning ON agent_words (word text_pattern_ops, agent_id);

-- Both days included; no end: until further notice. Those of one agent and product do not overlap; the
-- agent's row is locked while that is checked.
CREATE TABLE authorisations (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  product_id uuid NOT NULL REFERENCES products,
  from_day date NOT NULL,
  to_day date,
  CHECK (to_day IS NULL OR to_day >= from_day)
);
CREATE INDEX authorisations_by_agent ON authorisations (agent_id);
CREATE INDEX authorisations_by_product ON authorisations (product_id, from_day, to_day);

CREATE TABLE assignments (
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  from_day date NOT NULL,
  branch_id uuid NOT NULL REFERENCES branches,
  team_id uuid REFERENCES teams,
  PRIMARY KEY (agent_id, from_day)
);
CREATE INDEX assignments_by_day ON assignments (from_day);

-- fields: {"lastName": {"before": …, "after": …}}; personal ones are emptied when the agent is erased.
CREATE TABLE changes (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  reason text,
  fields jsonb NOT NULL
);
CREATE INDEX changes_by_agent ON changes (agent_id, at, id);

CREATE TABLE imports (
  id uuid PRIMARY KEY,
  file_name text,
  status text NOT NULL CHECK (status IN ('running', 'done', 'broken')),
  started_at timestamptz NOT NULL,
  -- Moves while it runs: one that stands still for minutes lost its host.
  progressed_at timestamptz NOT NULL,
  ended_at timestamptz,
  rows integer NOT NULL DEFAULT 0,
  created integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  error text
);
CREATE INDEX imports_by_start ON imports (started_at);

-- Names the place and the fault, never the values of personal columns.
CREATE TABLE rejected_rows (
  import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
  row integer NOT NULL,
  code text,
  faults jsonb NOT NULL,
  remedy text NOT NULL,
  PRIMARY KEY (import_id, row)
);
