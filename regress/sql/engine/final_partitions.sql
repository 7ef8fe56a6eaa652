-- over: http
-- FINAL over several parts and partitions, with conditions on key and value.
CREATE TABLE t (d Date, k UInt32, v UInt32, s String) ENGINE = ReplacingMergeTree(v) PARTITION BY toYYYYMM(d) ORDER BY (k, d);
INSERT INTO t SELECT toDate('2024-01-01') + number % 60, number % 100, 1, 'old' FROM numbers(1000);
INSERT INTO t SELECT toDate('2024-01-01') + number % 60, number % 100, 2, 'new' FROM numbers(500);
SELECT count(), countIf(s = 'new'), sum(v) FROM t FINAL;
SELECT count() FROM t FINAL WHERE s = 'old';
SELECT count() FROM t FINAL WHERE k = 7;
SELECT d, s FROM t FINAL WHERE k = 7 ORDER BY d LIMIT 3;
SELECT count() FROM t FINAL WHERE d >= '2024-02-01';
OPTIMIZE TABLE t FINAL;
SELECT count(), countIf(s = 'new'), sum(v) FROM t;
