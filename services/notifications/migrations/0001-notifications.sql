-- What was told to whom, how, and whether it arrived.

-- Copies of agents and people, from their events. Personal: names and email; null once erased.
CREATE TABLE agents (
  id uuid PRIMARY KEY,
  code text NOT NULL,
  name text,
  email text,
  active boolean NOT NULL,
  branch_id uuid NOT NULL,
  team_id uuid
);
CREATE INDEX agents_by_code ON agents (code);
CREATE INDEX agents_by_team ON agents (team_id);
CREATE INDEX agents_by_branch ON agents (branch_id);

CREATE TABLE people (
  id uuid PRIMARY KEY,
  name text,
  email text,
  roles text[] NOT NULL,
  agent_id uuid,
  active boolean NOT NULL
);
CREATE INDEX people_by_agent ON people (agent_id);

-- Where webhooks go: somebody's own (person_id), or the organisation's.
CREATE TABLE endpoints (
  id uuid PRIMARY KEY,
  url text NOT NULL,
  -- Signs what is sent, so it is kept as it is.
  secret text NOT NULL,
  person_id uuid,
  kinds text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL
);
CREATE INDEX endpoints_by_person ON endpoints (person_id);

-- Only texts that somebody wrote; the others are those of features/kinds.ts.
CREATE TABLE templates (
  kind text PRIMARY KEY,
  subject text NOT NULL,
  body text NOT NULL
);

-- Only what somebody chose; the rest is as features/kinds.ts says.
CREATE TABLE preferences (
  person_id uuid NOT NULL,
  kind text NOT NULL,
  channel text NOT NULL,
  wanted boolean NOT NULL,
  PRIMARY KEY (person_id, kind, channel)
);

CREATE TABLE notifications (
  id uuid PRIMARY KEY,
  -- Id of the event or message behind it: one notification per cause, recipient and channel, ever.
  cause text NOT NULL,
  -- person:<id>, agent:<id> (one without an account) or endpoint:<id>.
  recipient text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('in-app', 'email', 'webhook')),
  kind text NOT NULL,
  status text NOT NULL CHECK (status IN ('PENDING', 'SENT', 'FAILED')),
  person_id uuid,
  agent_id uuid,
  endpoint_id uuid,
  -- Whose names its text may hold, besides the recipient's.
  about uuid[] NOT NULL DEFAULT '{}',
  -- Personal; empty once erased.
  subject text NOT NULL,
  body text NOT NULL,
  link text,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  -- The delivery under way: only one at a time, and a crashed one gives way when its time is up.
  claimed_by uuid,
  claimed_until timestamptz,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  read_at timestamptz,
  -- Where it was taken in from, for those that another system sent.
  source text,
  reference text,
  UNIQUE (cause, recipient, channel)
);
CREATE UNIQUE INDEX notifications_by_reference ON notifications (source, reference) WHERE source IS NOT NULL;
CREATE INDEX notifications_by_time ON notifications (created_at, id);
CREATE INDEX notifications_unsent ON notifications (status, created_at, id) WHERE status <> 'SENT';
CREATE INDEX notifications_of_person ON notifications (person_id, created_at, id);
CREATE INDEX notifications_of_agent ON notifications (agent_id, created_at, id);
CREATE INDEX notifications_unread_of_person ON notifications (person_id) WHERE channel = 'in-app' AND read_at IS NULL;
CREATE INDEX notifications_unread_of_agent ON notifications (agent_id) WHERE channel = 'in-app' AND read_at IS NULL;
CREATE INDEX notifications_about ON notifications USING gin (about);

-- Mails that were not handed to a mail server because none is set. Personal.
CREATE TABLE outbox (
  id uuid PRIMARY KEY REFERENCES notifications ON DELETE CASCADE,
  address text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX outbox_by_time ON outbox (at, id);
