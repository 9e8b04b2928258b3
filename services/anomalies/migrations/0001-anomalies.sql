-- What looks unusual, the statistics it is held against, and what people answered.

-- Copies, from events. Personal: names; null once erased.
CREATE TABLE agents (
  id uuid PRIMARY KEY,
  code text NOT NULL,
  name text,
  branch_id uuid,
  team_id uuid,
  erased boolean NOT NULL DEFAULT false
);
CREATE TABLE branches (id uuid PRIMARY KEY, name text NOT NULL, region text NOT NULL);
-- With what decides whose rows they see, so that those are told.
CREATE TABLE people (
  id uuid PRIMARY KEY,
  name text,
  agent_id uuid,
  active boolean NOT NULL,
  roles text[] NOT NULL,
  teams uuid[] NOT NULL,
  branches uuid[] NOT NULL,
  regions text[] NOT NULL
);
CREATE INDEX people_by_role ON people USING gin (roles);

-- The latest sales of an agent and product in a currency; of the product alone where the agent is nil. A window
-- and not a sketch: a sale that is corrected or cancelled must come out again, and the usual follows growth.
CREATE TABLE amounts (
  agent_id uuid NOT NULL,
  product_id uuid NOT NULL,
  currency text NOT NULL,
  sales uuid[] NOT NULL,
  amounts numeric(19,4)[] NOT NULL,
  days text[] NOT NULL,
  PRIMARY KEY (agent_id, product_id, currency)
);

-- How many a day, by day, for the last ninety days: {"2026-03-01": 4}.
CREATE TABLE day_counts (
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  first_day text NOT NULL,
  counts jsonb NOT NULL,
  PRIMARY KEY (kind, subject_id)
);

-- Where people signed in from, as digests under this installation's key.
CREATE TABLE secrets (name text PRIMARY KEY, value bytea NOT NULL);
INSERT INTO secrets VALUES ('places', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                                             || uuid_send(gen_random_uuid())));
CREATE TABLE places (
  person_id uuid NOT NULL,
  network bytea NOT NULL,
  browser bytea NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  PRIMARY KEY (person_id, network, browser)
);

-- At which hours of a working day (0 to 23) and of a free day (24 to 47) somebody exports.
CREATE TABLE export_hours (
  actor text PRIMARY KEY,
  person_id uuid,
  hours integer[] NOT NULL
);
CREATE INDEX export_hours_person ON export_hours (person_id);

CREATE TABLE anomalies (
  -- Made from detector and thing.
  id uuid PRIMARY KEY,
  detector text NOT NULL,
  version integer NOT NULL,
  thing text NOT NULL,
  score double precision NOT NULL,
  -- What the score had to reach.
  threshold double precision NOT NULL,
  reason text NOT NULL,
  evidence jsonb NOT NULL,
  agent_id uuid,
  branch_id uuid,
  team_id uuid,
  person_id uuid,
  sale_id uuid,
  day date NOT NULL,
  at timestamptz NOT NULL,
  flagged_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'right', 'wrong')),
  judged_by text,
  judged_at timestamptz,
  note text,
  -- Which round of answers the mark was counted in; see detectors.
  round integer,
  UNIQUE (detector, thing)
);
CREATE INDEX anomalies_listed ON anomalies ((status <> 'open'), at DESC, id DESC);
CREATE INDEX anomalies_of_branch ON anomalies (branch_id, (status <> 'open'), at DESC);
CREATE INDEX anomalies_of_team ON anomalies (team_id, (status <> 'open'), at DESC);
CREATE INDEX anomalies_of_agent ON anomalies (agent_id, (status <> 'open'), at DESC);
CREATE INDEX anomalies_of_person ON anomalies (person_id);
CREATE INDEX anomalies_judged_by ON anomalies (judged_by) WHERE judged_by IS NOT NULL;
CREATE INDEX anomalies_of_sale ON anomalies (sale_id);

-- Only what somebody changed; the rest is as features/detectors.ts says.
CREATE TABLE detectors (
  name text PRIMARY KEY,
  active boolean NOT NULL DEFAULT true,
  -- Raised by a reset: answers of earlier rounds count no more.
  round integer NOT NULL DEFAULT 1
);

-- How many answers of this round said what: of everyone ('all'), and of each agent (its id).
CREATE TABLE answers (
  detector text NOT NULL,
  about text NOT NULL,
  confirmed integer NOT NULL,
  refuted integer NOT NULL,
  PRIMARY KEY (detector, about)
);

-- Who sees which rows. The statistics and the secret are the system's alone.
SELECT moonbase.limit_rows('anomalies.anomalies', agent => 'agent_id', team => 'team_id', branch => 'branch_id',
                           person => 'person_id');
SELECT moonbase.limit_rows('anomalies.agents', agent => 'id', team => 'team_id', branch => 'branch_id');
SELECT moonbase.limit_rows_by('anomalies.people', 'id = (SELECT moonbase.own_person())
  OR EXISTS (SELECT FROM anomalies.agents a WHERE a.id = agent_id)');
SELECT moonbase.limit_rows('anomalies.amounts', agent => 'agent_id');
SELECT moonbase.limit_rows_by('anomalies.day_counts', 'false');
SELECT moonbase.limit_rows('anomalies.places', person => 'person_id');
SELECT moonbase.limit_rows('anomalies.export_hours', person => 'person_id');
SELECT moonbase.limit_rows_by('anomalies.secrets', 'false');
