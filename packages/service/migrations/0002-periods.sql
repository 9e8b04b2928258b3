-- Retention periods that somebody set; the others are as declared.
CREATE TABLE periods (
  -- <schema>.<rule>
  rule text PRIMARY KEY,
  days integer NOT NULL CHECK (days BETWEEN 1 AND 36500),
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Archives are fetched by the system alone, which checks whose they are. Consents and requests name only ids,
-- and a request that tells others something must see what they consented to: they stay visible.
SELECT moonbase.limit_rows_by('privacy.parts', 'false');
