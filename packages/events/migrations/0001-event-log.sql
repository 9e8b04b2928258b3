-- The event log. DESIGN.md says what holds at every moment.

-- What transactions publish: one row a call, waiting for its positions.
CREATE TABLE inbox (
  -- Never CACHE: ids must grow in the order of the inserts.
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type text NOT NULL,
  version integer NOT NULL,
  actor text NOT NULL,
  cause text,
  trace text,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- One entry of each per event. Arrays and lines, because they are cheaper to take apart than JSON.
  size integer NOT NULL CHECK (size > 0),
  ids uuid[] NOT NULL,
  keys text[] NOT NULL,
  slots smallint[] NOT NULL,
  -- JSON of the payloads, a line each.
  payloads text NOT NULL,
  -- An array of {subjects, at, personal, actor, cause, trace}, as far as events have them; null: none has any.
  details jsonb,
  CHECK (cardinality(ids) = size AND cardinality(keys) = size AND cardinality(slots) = size)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
-- The row lives for milliseconds: compressing it would be the dearest part of a publish.
ALTER TABLE inbox ALTER COLUMN ids SET STORAGE EXTERNAL, ALTER COLUMN keys SET STORAGE EXTERNAL,
  ALTER COLUMN slots SET STORAGE EXTERNAL, ALTER COLUMN payloads SET STORAGE EXTERNAL,
  ALTER COLUMN details SET STORAGE EXTERNAL;

CREATE TABLE log (
  position bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  slot smallint NOT NULL,
  type text NOT NULL,
  key text NOT NULL,
  subjects text[],
  actor text NOT NULL,
  cause text,
  trace text,
  -- json, not jsonb: it is written once, never searched, and read as text.
  payload json NOT NULL,
  -- Ciphertext of the personal fields, by name; the payload holds null in their place.
  personal json,
  PRIMARY KEY (position)
) PARTITION BY RANGE (position);

CREATE TABLE partitions (
  first bigint PRIMARY KEY,
  last bigint NOT NULL,
  name text NOT NULL
);

-- One row: the last position given, and the last one that has a partition.
CREATE TABLE head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  position bigint NOT NULL DEFAULT 0,
  ready bigint NOT NULL DEFAULT 0,
  -- Positions in the partitions made from now on.
  span bigint NOT NULL DEFAULT 1000000 CHECK (span > 0)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
INSERT INTO head DEFAULT VALUES;

CREATE TABLE consumers (
  name text PRIMARY KEY,
  lanes smallint NOT NULL CHECK (lanes BETWEEN 1 AND 64),
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at bigint NOT NULL
);

-- Up to where each lane of a consumer has come. A lane has the slots with slot % lanes = lane.
CREATE TABLE lanes (
  consumer text NOT NULL REFERENCES consumers ON DELETE CASCADE,
  lane smallint NOT NULL,
  position bigint NOT NULL,
  -- Events of this lane in `parked`.
  parked integer NOT NULL DEFAULT 0,
  -- Failed attempts since the last event that went well, and until when the lane waits because of them.
  failures integer NOT NULL DEFAULT 0,
  waits_until timestamptz,
  PRIMARY KEY (consumer, lane)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- Events that a consumer failed on, and the later ones of their keys, which wait behind them.
CREATE TABLE parked (
  consumer text NOT NULL REFERENCES consumers ON DELETE CASCADE,
  key text NOT NULL,
  position bigint NOT NULL,
  slot smallint NOT NULL,
  -- Null while it only waits behind an earlier one.
  error text,
  attempts integer NOT NULL DEFAULT 0,
  parked_at timestamptz NOT NULL DEFAULT now(),
  -- When it is tried again by itself; null: it waits for a person, or behind an earlier one.
  retry_at timestamptz,
  PRIMARY KEY (consumer, key, position)
);
CREATE INDEX parked_retry ON parked (consumer, retry_at) WHERE retry_at IS NOT NULL;

-- Others who read the log in order and without whom nothing may be dropped: the loader of the lake.
CREATE TABLE readers (
  name text PRIMARY KEY,
  position bigint NOT NULL
) WITH (fillfactor = 20);

-- The people whose data events hold. Erased: key and pseudonym are gone, the row stays as a tombstone, so
-- that a late event makes no new key.
CREATE TABLE subjects (
  id text PRIMARY KEY,
  key bytea,
  pseudonym uuid UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  erased_at timestamptz,
  CHECK ((erased_at IS NULL) = (key IS NOT NULL AND pseudonym IS NOT NULL))
);

-- Makes partitions up to a position at least, and until a whole one is free. Attaching stops no one.
CREATE FUNCTION extend_log(needed bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = events, pg_temp AS $$
DECLARE
  now_at head;
  name text;
BEGIN
  SELECT * INTO now_at FROM head FOR UPDATE;
  WHILE now_at.ready < greatest(needed, now_at.position + now_at.span) LOOP
    name := 'log_' || (now_at.ready + 1);
    EXECUTE format('CREATE TABLE %I (LIKE log INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE log ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                   name, now_at.ready + 1, now_at.ready + now_at.span + 1);
    INSERT INTO partitions VALUES (now_at.ready + 1, now_at.ready + now_at.span, name);
    now_at.ready := now_at.ready + now_at.span;
    UPDATE head SET ready = now_at.ready;
  END LOOP;
END $$;

-- Drops partitions whose events are all older than `before` and that everybody has passed: consumers with
-- their parked events, and the other readers.
CREATE FUNCTION retire_log(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = events, pg_temp
-- Dropping takes the log away from everybody for a moment; where it would have to wait, it is tried later.
SET lock_timeout = '200ms' AS $$
DECLARE
  passed bigint;
  oldest partitions;
  dropped integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('events.retention'));
  -- least() leaves nulls out.
  SELECT least((SELECT position FROM head), (SELECT min(position) FROM lanes),
               (SELECT min(position) - 1 FROM parked), (SELECT min(position) FROM readers)) INTO passed;
  FOR oldest IN SELECT * FROM partitions WHERE last <= passed ORDER BY first LOOP
    EXIT WHEN (SELECT recorded_at >= before FROM log WHERE position = oldest.last);
    EXECUTE format('DROP TABLE %I', oldest.name);
    DELETE FROM partitions WHERE first = oldest.first;
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;

-- One round of the sequencer: gives the events of the inbox that can be seen their positions, in the order
-- of the inbox. Takes rows until they hold `most` events; at least one. No row has an id below `lowest`.
CREATE FUNCTION sequence_events(most integer, lowest bigint, OUT reached bigint, OUT taken integer, OUT newest bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = events, pg_temp AS $$
DECLARE
  start bigint;
  last bigint;
BEGIN
  -- The row is locked before the inbox is looked at: the statement below then sees all that an earlier
  -- round did, also where two sequencers believe in themselves for a moment.
  SELECT h.position, h.ready INTO start, last FROM head h FOR UPDATE;
  -- A row of the inbox holds a thousand events at most.
  IF last < start + most + 1000 THEN
    PERFORM extend_log(start + most + 1000);
  END IF;
  WITH waiting AS (
    SELECT id, sum(size) OVER (ORDER BY id) - size AS before
      FROM (SELECT id, size FROM inbox WHERE id >= lowest ORDER BY id LIMIT most) AS first
  ), moved AS (
    DELETE FROM inbox USING waiting
     WHERE inbox.id = waiting.id AND waiting.before < most
    RETURNING inbox.*, waiting.before
  ), written AS (
    INSERT INTO log (position, occurred_at, recorded_at, id, version, slot, type, key, subjects, actor, cause,
                     trace, payload, personal)
    SELECT start + m.before + e.place, coalesce(e.at, m.recorded_at), m.recorded_at, e.id, m.version, e.slot,
           m.type, e.key, e.subjects, coalesce(e.actor, m.actor), coalesce(e.cause, m.cause),
           coalesce(e.trace, m.trace), e.payload::json, e.personal
      FROM moved m, ROWS FROM (
             unnest(m.ids), unnest(m.keys), unnest(m.slots), string_to_table(m.payloads, E'\n'),
             jsonb_to_recordset(m.details) AS (
               subjects text[], at timestamptz, personal json, actor text, cause text, trace text)) WITH ORDINALITY
           AS e(id, key, slot, payload, subjects, at, personal, actor, cause, trace, place)
  )
  SELECT coalesce(sum(size), 0), max(id) INTO taken, newest FROM moved;
  IF taken > 0 THEN
    UPDATE head SET position = start + taken;
  END IF;
  reached := start + taken;
END $$;
