-- over: http hand
-- HIP-0047's tables as its text has them, and its curl examples' statements.
CREATE TABLE events ON CLUSTER '{cluster}' (uuid UUID DEFAULT generateUUIDv4(), team_id UInt64, distinct_id String, session_id String DEFAULT '', event String, timestamp DateTime64(3, 'UTC'), created_at DateTime64(3, 'UTC') DEFAULT now64(3), properties String DEFAULT '{}', country_code LowCardinality(FixedString(2)) DEFAULT '\0\0', cost_usd Decimal64(8) DEFAULT 0) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/events', '{replica}') PARTITION BY toYYYYMM(timestamp) ORDER BY (team_id, toDate(timestamp), event, cityHash64(distinct_id), uuid) SETTINGS index_granularity = 8192;
INSERT INTO events FORMAT JSONEachRow
{"uuid":"61f0c404-5cb3-11e7-907b-a6006ad3dba0","team_id":1,"event":"$pageview","timestamp":"2026-02-23T12:00:00.000Z","distinct_id":"user_42","properties":"{\"url\":\"/dashboard\"}"}
{"team_id":1,"event":"$pageview","timestamp":"2026-02-23T12:00:01.000Z","distinct_id":"user_43","properties":"{\"url\":\"/settings\"}"}
\.
SELECT count() FROM events WHERE team_id=1;
--! url param_team_id=1&param_start=2026-02-01
SELECT count() FROM events WHERE team_id = {team_id:UInt64} AND timestamp >= {start:Date};
SELECT distinct_id, timestamp, JSONExtractString(properties, 'url'), hex(country_code), cost_usd, session_id FROM events ORDER BY timestamp;
ALTER TABLE events ON CLUSTER '{cluster}' MODIFY TTL timestamp + INTERVAL 12 MONTH DELETE;
SELECT count() FROM system.parts WHERE active AND table = 'events' AND database = currentDatabase();
SELECT count() FROM system.replicas WHERE table = 'events' AND replica_delay > 300;
SELECT count() FROM system.zookeeper WHERE path = '/clickhouse';
