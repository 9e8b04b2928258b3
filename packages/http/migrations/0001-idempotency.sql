-- Requests with an Idempotency-Key of the last day, and what they were answered.
CREATE TABLE idempotency (
  caller text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  digest text NOT NULL,
  state text NOT NULL DEFAULT 'claimed' CHECK (state IN ('claimed', 'carried-out', 'answered')),
  status integer,
  answer jsonb,
  headers jsonb,
  claimed_at timestamptz NOT NULL,
  PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_age ON idempotency (claimed_at);
