-- over: pg hand
-- ClickHouse's functions and types work over psql, case-insensitively, beside PostgreSQL's own.
SELECT toStartOfHour(timestamp '2024-01-01 12:34:56'), toYYYYMM(date '2024-05-06'), cityHash64('hello');
SELECT uniqExact(n), countIf(n > 5), sumIf(n, n < 3), argMax(n, -n), groupArray(n) FROM generate_series(1, 10) AS n;
SELECT count() FROM numbers(5);
SELECT arrayMap(x -> x * 2, ARRAY[1, 2, 3]);
CREATE TABLE e (team_id UInt64, at DateTime64(3, 'UTC'), name LowCardinality(String), tags Array(String)) ENGINE = MergeTree ORDER BY team_id;
INSERT INTO e VALUES (1, '2024-01-01 00:00:00.123', 'a', ARRAY['x', 'y']);
SELECT team_id, at, name, tags FROM e;
SELECT length('héé'), 1 / 2, substring('hello' from 2 for 2);
