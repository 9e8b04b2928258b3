-- Privacy: consent with its history, requests about personal data, exports, the notice and its versions.

-- Append-only: what holds is the latest of each person and purpose.
CREATE TABLE consents (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL,
  -- <service>.<purpose>
  purpose text NOT NULL,
  -- Of the text that was shown.
  version integer NOT NULL,
  given boolean NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  -- When the person was erased: from then on the retention period of the evidence runs.
  erased_at timestamptz
);
CREATE INDEX consents_latest ON consents (person_id, purpose, at DESC, id DESC);
CREATE INDEX consents_erased ON consents (erased_at) WHERE erased_at IS NOT NULL;

CREATE TABLE requests (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('export', 'erasure')),
  subject_kind text NOT NULL,
  -- An id, never a name.
  subject_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'ready', 'done', 'expired', 'failed')),
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL,
  ended_at timestamptz,
  expires_at timestamptz,
  bytes bigint,
  counts jsonb,
  -- A code, never a message: a message may quote data.
  error text
);
CREATE INDEX requests_latest ON requests (asked_at DESC, id DESC);
CREATE INDEX requests_of_subject ON requests (subject_id, asked_at DESC);

-- An export's JSON in pieces, in their order.
CREATE TABLE parts (
  request_id uuid NOT NULL REFERENCES requests ON DELETE CASCADE,
  place integer NOT NULL,
  content text NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (request_id, place)
);
CREATE INDEX parts_age ON parts (made_at);

CREATE TABLE notices (
  version integer PRIMARY KEY,
  content jsonb NOT NULL,
  published_by text NOT NULL,
  published_at timestamptz NOT NULL
);
