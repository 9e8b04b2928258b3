-- People, and how they prove who they are. The columns of people, sessions, accounts and verifications
-- follow better-auth's models; see features/authentication.ts for the mapping.

CREATE TABLE people (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  roles text[] NOT NULL DEFAULT '{}',
  agent_id uuid,
  active boolean NOT NULL DEFAULT true,
  zone text,
  locale text,
  -- Set by an administrator and still to be changed by its owner.
  password_temporary boolean NOT NULL DEFAULT false,
  erased_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX people_email ON people (lower(email));
CREATE INDEX people_name ON people (lower(name), id);
CREATE UNIQUE INDEX people_agent ON people (agent_id) WHERE agent_id IS NOT NULL AND active;

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  -- SHA-256 of what the browser holds.
  token text NOT NULL UNIQUE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX accounts_person ON accounts (person_id);

CREATE TABLE verifications (
  id uuid PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX verifications_identifier ON verifications (identifier);

-- Wrong sign-ins, by address and by where they come from; see features/slow-down.ts.
CREATE TABLE failures (
  subject text PRIMARY KEY,
  count integer NOT NULL,
  last_at timestamptz NOT NULL,
  blocked_until timestamptz NOT NULL
);
CREATE INDEX failures_last ON failures (last_at);

CREATE TABLE keys (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  prefix text NOT NULL,
  -- SHA-256 of the secret, which is shown once.
  digest text NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  last_used_at timestamptz
);

CREATE TABLE settings (
  name text PRIMARY KEY,
  value jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- Made here, never shipped and never shown: the secret that signs what better-auth hands out.
CREATE TABLE secrets (
  name text PRIMARY KEY,
  value text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The settings that the services' code declares, written by every host as it starts, so that the host
-- that answers for people can list and check the settings of services it does not run.
CREATE TABLE declared_settings (
  name text PRIMARY KEY,
  title text NOT NULL,
  -- JSON Schema of the value.
  schema jsonb NOT NULL,
  fallback jsonb NOT NULL
);
