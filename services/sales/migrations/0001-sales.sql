-- What sales knows of agents, branches, teams and products: its own copy, kept by the reaction copy-agents.
-- Text that is looked up is compared by bytes (COLLATE "C"): cheaper, and LIKE 'x%' can use the index.

CREATE TABLE known_agents (
  id uuid PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE,
  name text,                                       -- personal; null once erased
  inactive datemultirange NOT NULL DEFAULT '{}'    -- business days on which the agent was not active
);
CREATE TABLE known_assignments (                   -- the first one begins at -infinity
  agent_id uuid NOT NULL, first_day date NOT NULL, branch_id uuid NOT NULL, team_id uuid,
  PRIMARY KEY (agent_id, first_day)
);
CREATE TABLE known_authorisations (
  agent_id uuid NOT NULL, product_id uuid NOT NULL, days daterange NOT NULL,
  PRIMARY KEY (agent_id, product_id, days)
);
CREATE TABLE known_branches (
  id uuid PRIMARY KEY, code text COLLATE "C" NOT NULL UNIQUE, name text NOT NULL,
  zone text                                        -- one that PostgreSQL knows; null: the organisation's
);
CREATE TABLE known_teams (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE known_products (id uuid PRIMARY KEY, code text COLLATE "C" NOT NULL UNIQUE, name text NOT NULL);

CREATE TABLE sales (
  id uuid PRIMARY KEY,
  digest uuid NOT NULL,          -- 128 bits of a hash over what was sent: tells a repeat from a conflict
  agent_id uuid NOT NULL,        -- who leads; a split sale has all its agents in `shares`
  team_id uuid,
  branch_id uuid NOT NULL,
  home_id uuid,                  -- where the agent belonged on the day, if not to that branch
  product_id uuid NOT NULL,
  sold_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  day date NOT NULL,             -- business day in the zone of the branch, or of the organisation
  revision integer NOT NULL DEFAULT 1,
  cancelled boolean NOT NULL DEFAULT false,
  split boolean NOT NULL DEFAULT false,
  amount numeric(19,4) NOT NULL,
  currency text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  actor text NOT NULL,           -- who recorded it
  policy_number text COLLATE "C",
  policyholder text              -- personal
);
-- Reference first: it also answers the search for the beginning of a reference.
CREATE UNIQUE INDEX sales_by_reference ON sales (reference, source);
CREATE INDEX sales_by_time ON sales (sold_at, id);
CREATE INDEX sales_by_agent ON sales (agent_id, sold_at);
CREATE INDEX sales_by_policy ON sales (policy_number) WHERE policy_number IS NOT NULL;

CREATE TABLE shares (            -- of split sales only
  sale_id uuid NOT NULL REFERENCES sales ON DELETE CASCADE,
  place smallint NOT NULL,
  agent_id uuid NOT NULL,
  team_id uuid,
  branch_id uuid NOT NULL,
  percent numeric(7,4) NOT NULL,
  amount numeric(19,4) NOT NULL,
  PRIMARY KEY (sale_id, place)
);
CREATE INDEX shares_by_agent ON shares (agent_id);

CREATE TABLE changes (           -- after the recording; outlives a deleted sale
  sale_id uuid NOT NULL,
  revision integer NOT NULL,
  change text NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  before jsonb,
  after jsonb,
  recorded jsonb,                -- of a deleted sale: when and by whom it was recorded
  PRIMARY KEY (sale_id, revision)
);

-- Sales that were not taken in. They hold no reference: the same one may come again, mended.
CREATE TABLE rejected (
  id uuid PRIMARY KEY,
  status text NOT NULL,          -- rejected, waiting (for an agent)
  source text COLLATE "C",
  reference text COLLATE "C",
  code text NOT NULL,
  field text,
  detail text,
  input jsonb NOT NULL,          -- as it was sent; may hold a policyholder
  agents text[] NOT NULL,        -- codes whose change may mend it
  product text COLLATE "C",
  branch text COLLATE "C",
  upload uuid,
  line bigint,
  actor text NOT NULL,
  received_at timestamptz NOT NULL,
  tried_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX rejected_by_reference ON rejected (reference, source);
CREATE INDEX rejected_by_time ON rejected (received_at, id);
CREATE INDEX rejected_by_agent ON rejected USING gin (agents);
CREATE INDEX rejected_by_product ON rejected (product);
CREATE INDEX rejected_by_branch ON rejected (branch);
CREATE INDEX rejected_by_upload ON rejected (upload) WHERE upload IS NOT NULL;

-- What was sold per day: exactly the sales events up to the position of the reaction track-progress.
CREATE TABLE daily (
  kind text COLLATE "C" NOT NULL,                -- agent, team, branch, product, company
  subject_id uuid NOT NULL,                      -- of the company: all zeros
  currency text COLLATE "C" NOT NULL,
  day date NOT NULL,
  amount numeric(24,4) NOT NULL,
  sales bigint NOT NULL,
  PRIMARY KEY (kind, subject_id, currency, day)
) WITH (fillfactor = 70);

CREATE TABLE targets (
  id uuid PRIMARY KEY,
  revision integer NOT NULL DEFAULT 1,
  tracked integer NOT NULL DEFAULT 0,            -- revision that `progress` is of; see track-progress
  kind text COLLATE "C" NOT NULL,
  subject_id uuid NOT NULL,
  period text NOT NULL,                          -- month, quarter, year, open
  first_day date NOT NULL,
  last_day date,                                 -- null: open-ended, or it repeats
  repeats boolean NOT NULL,
  measure text NOT NULL,
  value numeric(19,4) NOT NULL,
  currency text COLLATE "C",
  thresholds double precision[] NOT NULL,
  reference text COLLATE "C",
  deleted boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL,
  actor text NOT NULL
);
CREATE INDEX targets_by_subject ON targets (kind, subject_id) WHERE NOT deleted;
CREATE UNIQUE INDEX targets_by_reference ON targets (reference) WHERE NOT deleted;

CREATE TABLE target_revisions (
  target_id uuid NOT NULL, revision integer NOT NULL,
  value numeric(19,4) NOT NULL, at timestamptz NOT NULL, actor text NOT NULL,
  PRIMARY KEY (target_id, revision)
);

CREATE TABLE progress (
  target_id uuid NOT NULL,
  period_from date NOT NULL,
  amount numeric(24,4) NOT NULL,
  sales bigint NOT NULL,
  PRIMARY KEY (target_id, period_from)
) WITH (fillfactor = 50);

CREATE TABLE reached (           -- a row is written with the event that announces it
  target_id uuid NOT NULL,
  revision integer NOT NULL,
  period_from date NOT NULL,
  threshold double precision NOT NULL,
  day date NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (target_id, revision, period_from, threshold)
);
