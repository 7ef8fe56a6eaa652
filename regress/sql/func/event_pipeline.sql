-- over: http
-- The expressions of HIP-0047's Kafka view over a plain table.
CREATE TABLE raw (uuid String, team_id UInt64, event String, timestamp String, distinct_id String, properties String) ENGINE = MergeTree ORDER BY team_id;
CREATE TABLE events (uuid UUID, team_id UInt64, event String, timestamp DateTime64(3, 'UTC'), created_at DateTime64(3, 'UTC') DEFAULT now64(3), distinct_id String, properties String DEFAULT '{}') ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (team_id, toDate(timestamp), event, cityHash64(distinct_id), uuid);
CREATE MATERIALIZED VIEW raw_mv TO events AS SELECT toUUID(uuid) AS uuid, team_id, event, parseDateTimeBestEffort(timestamp) AS timestamp, now64(3) AS created_at, distinct_id, properties FROM raw;
INSERT INTO raw VALUES ('61f0c404-5cb3-11e7-907b-a6006ad3dba0', 1, '$pageview', '2026-02-23T12:00:00.000Z', 'user_42', '{"url":"/dashboard"}');
SELECT uuid, team_id, event, timestamp, created_at > '2020-01-01', distinct_id, JSONExtractString(properties, 'url') FROM events;
INSERT INTO raw VALUES ('bad uuid', 1, 'x', '2026-02-23T12:00:00Z', 'u', '');
SELECT count() FROM events;
