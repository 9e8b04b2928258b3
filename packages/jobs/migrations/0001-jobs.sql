-- What pg-boss (schema jobs_boss, see src/install.ts) does not keep: the history of runs and the ticks of
-- schedules. A job that is waiting, running or dead is a row of jobs_boss.job; each attempt is one here.

CREATE TABLE runs (
  -- Of the job: the same over all its attempts.
  id uuid NOT NULL,
  attempt integer NOT NULL,
  service text NOT NULL,
  job text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'dead', 'lost', 'released')),
  -- The tick of the schedule that started it.
  tick timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  counts jsonb,
  error text,
  progress_done bigint,
  progress_total bigint,
  PRIMARY KEY (id, attempt)
);
CREATE INDEX runs_latest ON runs (started_at DESC, id DESC, attempt DESC);
CREATE INDEX runs_of_job ON runs (service, job, started_at DESC);
CREATE INDEX runs_running ON runs (service, job) WHERE state = 'running';

CREATE TABLE schedules (
  service text NOT NULL,
  name text NOT NULL,
  cron text NOT NULL,
  zone text NOT NULL,
  -- Ticks up to here have been dealt with: the last one, or when the cron or zone was changed.
  since timestamptz NOT NULL,
  last_tick timestamptz,
  last_id uuid,
  PRIMARY KEY (service, name)
);
