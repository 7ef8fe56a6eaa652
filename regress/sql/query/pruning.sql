-- over: http
-- Key and partition pruning through monotonic functions never loses a row.
CREATE TABLE t (team UInt32, at DateTime64(3, 'UTC'), e String, u String) ENGINE = MergeTree PARTITION BY toYYYYMM(at) ORDER BY (team, toDate(at), e, cityHash64(u)) SETTINGS index_granularity = 64;
INSERT INTO t SELECT number % 7, toDateTime64('2024-01-01 00:00:00', 3, 'UTC') + toIntervalMinute(number * 13), concat('e', toString(number % 5)), toString(number % 331) FROM numbers(10000);
SELECT count() FROM t WHERE team = 3;
SELECT count() FROM t WHERE team = 3 AND at >= '2024-02-01' AND at < '2024-02-15';
SELECT count() FROM t WHERE toDate(at) = '2024-02-10';
SELECT count() FROM t WHERE toDate(at) BETWEEN '2024-01-31' AND '2024-02-01' AND team IN (0, 6);
SELECT count() FROM t WHERE at > '2024-03-30 23:59:59.500';
SELECT count() FROM t WHERE toYYYYMM(at) = 202403;
SELECT count() FROM t WHERE toStartOfMonth(at) = '2024-02-01' AND e = 'e1';
SELECT count() FROM t WHERE team = 2 AND toDate(at) = '2024-01-20' AND e = 'e4';
SELECT count() FROM t WHERE cityHash64(u) = cityHash64('42');
SELECT count() FROM t WHERE toHour(at) = 5;
SELECT count() FROM t WHERE team + 1 = 4;
SELECT count() FROM t WHERE -team = -4;
SELECT count() FROM t WHERE team = 3 OR e = 'e2';
SELECT count() FROM t WHERE NOT (team = 3) AND at < '2024-01-02';
SELECT count() FROM t WHERE (team, e) = (1, 'e3');
SELECT count() FROM t WHERE (team, e) IN ((1, 'e3'), (2, 'e0'));
SELECT min(at), max(at) FROM t WHERE team = 5;
SELECT count() FROM t WHERE at < '1999-01-01';
