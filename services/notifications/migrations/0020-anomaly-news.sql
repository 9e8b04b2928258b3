-- Of which anomalies somebody was told by themselves, and which are summed up at the end of the hour.
CREATE TABLE anomaly_news (
  person_id uuid NOT NULL,
  anomaly_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  summed boolean NOT NULL DEFAULT false,
  -- False: it was told by itself.
  waits boolean NOT NULL,
  PRIMARY KEY (person_id, anomaly_id)
);
CREATE INDEX anomaly_news_by_hour ON anomaly_news (hour, person_id);

SELECT moonbase.limit_rows('notifications.anomaly_news', person => 'person_id');
