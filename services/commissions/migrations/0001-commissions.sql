-- Commissions. Its own copies of sales' shares and what they depend on; plans; statements and their lines;
-- disputes. Text that is compared or sorted as bytes has the C collation.

CREATE TABLE known_agents (
  id uuid PRIMARY KEY,
  code text COLLATE "C" NOT NULL,
  name text,                                 -- personal; null once erased
  branch_id uuid NOT NULL,
  team_id uuid,
  closed_until date                          -- first day of the last month that is closed for this agent
);
CREATE TABLE known_branches (id uuid PRIMARY KEY, code text NOT NULL, name text NOT NULL);
CREATE TABLE known_teams (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE known_products (id uuid PRIMARY KEY, code text NOT NULL, type text NOT NULL, name text NOT NULL);

-- The share of an agent in a sale as it is now, and what closed statements have settled of it.
CREATE TABLE shares (
  sale_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  reference text NOT NULL,
  day date NOT NULL,
  month date NOT NULL GENERATED ALWAYS AS (day - extract(day FROM day)::integer + 1) STORED,
  sold_at timestamptz NOT NULL,
  product_id uuid NOT NULL,
  team_id uuid,
  branch_id uuid NOT NULL,
  currency text COLLATE "C" NOT NULL,
  percent numeric(7,4) NOT NULL,
  amount numeric(19,4) NOT NULL,
  state text NOT NULL,                       -- counted, cancelled, deleted, moved (to another agent)
  known_on date NOT NULL,                    -- business day on which the last change became known
  settled_basis numeric(19,4),               -- null: on no closed statement
  settled_commission numeric(19,4),
  settled_month date,                        -- of the statement that settled it first
  settled_product uuid,
  settled_currency text COLLATE "C",
  settled_plan uuid,
  settled_version integer,
  settled_rate numeric(9,4),                 -- of whole-amount tiers: what the basis was last paid at
  settled_points numeric(9,4),
  settled_multiplier numeric(9,4),
  unsettled boolean NOT NULL GENERATED ALWAYS AS (
    coalesce(settled_basis, 0) <> CASE state WHEN 'counted' THEN amount ELSE 0 END
    OR state = 'counted' AND settled_basis IS NOT NULL
       AND (settled_product <> product_id OR settled_currency <> currency)) STORED,
  PRIMARY KEY (sale_id, agent_id)
);
CREATE INDEX shares_by_agent ON shares (agent_id, month);
CREATE INDEX shares_unsettled ON shares (agent_id, month) WHERE unsettled;
CREATE INDEX shares_by_month ON shares (month);
CREATE INDEX shares_settled ON shares (agent_id, settled_month) WHERE settled_month IS NOT NULL;

-- Thresholds of targets that were reached.
CREATE TABLE reached (
  target_id uuid NOT NULL,
  revision integer NOT NULL,
  period_from date NOT NULL,
  threshold numeric(9,4) NOT NULL,
  period_to date,
  kind text COLLATE "C" NOT NULL,            -- agent, team, branch, product, company
  subject_id uuid NOT NULL,                  -- of the company: all zeros
  day date NOT NULL,
  PRIMARY KEY (target_id, revision, period_from, threshold)
);
CREATE INDEX reached_by_subject ON reached (kind, subject_id, day);

CREATE TABLE plans (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  first_day date NOT NULL,
  last_day date,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
-- A version is never changed: what statements say of it stays true.
CREATE TABLE plan_versions (
  plan_id uuid NOT NULL REFERENCES plans (id),
  version integer NOT NULL,
  from_day date NOT NULL,
  definition jsonb NOT NULL,                 -- scope, assignment, tiers, accelerators, clawback: decimal strings
  note text,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (plan_id, version)
);

CREATE TABLE statements (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  team_id uuid,
  branch_id uuid NOT NULL,
  month date NOT NULL,                       -- its first day
  status text NOT NULL DEFAULT 'open',       -- open, closed, paid
  number text COLLATE "C" UNIQUE,            -- given when it is closed
  computed_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by text,
  paid_at timestamptz,
  paid_by text,
  inputs text,                               -- JSON: all that a closed statement was computed from
  digest text,                               -- SHA-256 of its lines
  UNIQUE (agent_id, month)
);
CREATE INDEX statements_by_month ON statements (month, status);
CREATE INDEX statements_by_branch ON statements (branch_id, month);
CREATE INDEX statements_by_team ON statements (team_id, month);

CREATE TABLE lines (
  statement_id uuid NOT NULL REFERENCES statements (id),
  n integer NOT NULL,
  agent_id uuid NOT NULL,
  team_id uuid,
  branch_id uuid NOT NULL,
  month date NOT NULL,
  kind text COLLATE "C" NOT NULL,            -- sale, late, correction, clawback, tier, adjustment
  sale_id uuid,
  product_id uuid,
  plan_id uuid,
  currency text COLLATE "C" NOT NULL,
  basis numeric(19,4) NOT NULL,              -- what of the share's amount this line settles
  counts smallint NOT NULL,                  -- sales it adds to a counter: 1, 0, or -1 where one goes back
  commission numeric(19,4) NOT NULL,
  line text NOT NULL,                        -- JSON: the whole line, as compute-statement wrote it
  PRIMARY KEY (statement_id, n)
);
CREATE INDEX lines_by_sale ON lines (sale_id, agent_id);
CREATE INDEX lines_by_agent ON lines (agent_id, month);

-- Sums of a statement per currency.
CREATE TABLE totals (
  statement_id uuid NOT NULL REFERENCES statements (id),
  currency text COLLATE "C" NOT NULL,
  agent_id uuid NOT NULL,
  team_id uuid,
  branch_id uuid NOT NULL,
  month date NOT NULL,
  sold numeric(24,4) NOT NULL,               -- basis of sales and late sales
  basis numeric(24,4) NOT NULL,              -- of all lines
  commission numeric(24,4) NOT NULL,
  earned numeric(24,4) NOT NULL,             -- of sales and late sales
  clawed_back numeric(24,4) NOT NULL,        -- corrections and clawbacks
  adjusted numeric(24,4) NOT NULL,           -- tiers reached later, and decided disputes
  lines integer NOT NULL,
  PRIMARY KEY (statement_id, currency)
);
CREATE INDEX totals_by_month ON totals (month, currency);
CREATE INDEX totals_by_agent ON totals (agent_id, month);

-- Agents whose open statements are to be computed anew; see refresh-statements.
CREATE TABLE stale (agent_id uuid PRIMARY KEY, since timestamptz NOT NULL);

CREATE TABLE numbers (year integer PRIMARY KEY, last integer NOT NULL);

CREATE TABLE closings (
  id uuid PRIMARY KEY,
  month date NOT NULL,
  started_at timestamptz NOT NULL,
  started_by text NOT NULL,
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  ended_at timestamptz
);
CREATE INDEX closings_by_month ON closings (month, started_at);

CREATE TABLE disputes (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  team_id uuid,
  branch_id uuid NOT NULL,
  statement_id uuid NOT NULL REFERENCES statements (id),
  month date NOT NULL,
  line integer,                              -- null: about the whole statement
  sale_id uuid,
  reason text NOT NULL,
  expected numeric(19,4),
  currency text COLLATE "C" NOT NULL,
  status text NOT NULL DEFAULT 'open',       -- open, accepted, refused, withdrawn
  raised_at timestamptz NOT NULL,
  raised_by text NOT NULL,
  raised_by_name text NOT NULL,
  decided_at timestamptz,
  decided_by text,
  decision text,
  adjustment numeric(19,4)
);
CREATE INDEX disputes_by_time ON disputes (raised_at DESC, id DESC);
CREATE INDEX disputes_by_statement ON disputes (statement_id);
CREATE INDEX disputes_open ON disputes (raised_at) WHERE status = 'open';

CREATE TABLE messages (
  id uuid PRIMARY KEY,
  dispute_id uuid NOT NULL REFERENCES disputes (id),
  at timestamptz NOT NULL,
  author text NOT NULL,
  author_name text NOT NULL,
  body text NOT NULL
);
CREATE INDEX messages_by_dispute ON messages (dispute_id, at);

-- What a decided dispute adds to the agent's open statement.
CREATE TABLE adjustments (
  id uuid PRIMARY KEY,
  dispute_id uuid NOT NULL UNIQUE REFERENCES disputes (id),
  agent_id uuid NOT NULL,
  sale_id uuid,
  currency text COLLATE "C" NOT NULL,
  amount numeric(19,4) NOT NULL,
  reason text NOT NULL,                      -- in set words: what was written stays in the dispute
  day date NOT NULL,
  settled_month date
);
CREATE INDEX adjustments_unsettled ON adjustments (agent_id) WHERE settled_month IS NULL;

-- Who sees whose pay. Place of a statement is the agent's when it was closed, or is now while it is open.
SELECT moonbase.limit_rows('commissions.statements', agent => 'agent_id', team => 'team_id', branch => 'branch_id');
SELECT moonbase.limit_rows('commissions.lines', agent => 'agent_id', team => 'team_id', branch => 'branch_id');
SELECT moonbase.limit_rows('commissions.totals', agent => 'agent_id', team => 'team_id', branch => 'branch_id');
SELECT moonbase.limit_rows('commissions.shares', agent => 'agent_id', team => 'team_id', branch => 'branch_id');
SELECT moonbase.limit_rows('commissions.disputes', agent => 'agent_id', team => 'team_id', branch => 'branch_id');
SELECT moonbase.limit_rows_by('commissions.messages', 'EXISTS (SELECT FROM commissions.disputes d WHERE d.id = dispute_id)');
SELECT moonbase.limit_rows_by('commissions.adjustments', 'EXISTS (SELECT FROM commissions.disputes d WHERE d.id = dispute_id)');
-- Names of those whose statements one sees, also where they have moved on since.
SELECT moonbase.limit_rows_by('commissions.known_agents', 'id = (SELECT moonbase.own_agent())
  OR team_id = ANY ((SELECT moonbase.own_teams())::uuid[]) OR branch_id = ANY ((SELECT moonbase.own_branches())::uuid[])
  OR id IN (SELECT s.agent_id FROM commissions.statements s)');
