-- The catalogue of the lake: which immutable Parquet files make it up, and how far the log is in them.
CREATE TABLE files (
  id uuid PRIMARY KEY,
  -- Event type: sales.recorded.
  type text NOT NULL,
  -- Below the lake's folder.
  path text NOT NULL UNIQUE,
  -- Of recorded_at, both ends in the file.
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL,
  first_position bigint NOT NULL,
  last_position bigint NOT NULL,
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  created_at timestamptz NOT NULL,
  -- Since when its rows are in another file: readers may hold its path for a day.
  replaced_at timestamptz
);
CREATE INDEX files_live ON files (type, first_position) WHERE replaced_at IS NULL;
CREATE INDEX files_replaced ON files (replaced_at) WHERE replaced_at IS NOT NULL;

-- One row. `position`: every event up to it is in a file. `revision` grows with every change of the files,
-- so that readers know when to look at them again.
CREATE TABLE loader (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  position bigint NOT NULL DEFAULT 0,
  revision bigint NOT NULL DEFAULT 0,
  loaded_at timestamptz
);
INSERT INTO loader DEFAULT VALUES;
