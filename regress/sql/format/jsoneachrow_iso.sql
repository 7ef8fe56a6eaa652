-- over: http hand
-- Timestamps in ISO 8601 go into DateTime64 and DateTime columns without a setting (HIP-0047's own example does it); ClickHouse
-- before 25 wants date_time_input_format = 'best_effort'.
CREATE TABLE t (a UInt32, t DateTime64(3, 'UTC'), s DateTime('UTC')) ENGINE = MergeTree ORDER BY a;
INSERT INTO t FORMAT JSONEachRow
{"a":1,"t":"2026-02-23T12:00:00.000Z","s":"2026-02-23T12:00:00Z"}
{"a":2,"t":"2026-02-23T12:00:00.123Z","s":"2026-02-23 12:00:01"}
{"a":3,"t":"2026-02-23T14:00:00.5+02:00","s":"2026-02-23T14:00:00+02:00"}
\.
SELECT * FROM t ORDER BY a;
