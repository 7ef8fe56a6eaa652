-- over: http
-- MergeTree keeps rows in key order within a part, merges do not change what is there.
CREATE TABLE t (k UInt32, v String) ENGINE = MergeTree ORDER BY k;
INSERT INTO t VALUES (3, 'c'), (1, 'a'), (2, 'b');
SELECT * FROM t;
INSERT INTO t VALUES (2, 'bb'), (0, 'z');
SELECT * FROM t ORDER BY k, v;
OPTIMIZE TABLE t FINAL;
SELECT * FROM t;
SELECT count(), sum(rows) FROM system.parts WHERE database = currentDatabase() AND table = 't' AND active;
INSERT INTO t SELECT number, toString(number) FROM numbers(10, 100000);
SELECT count(), min(k), max(k), uniqExact(v) FROM t;
SELECT v FROM t WHERE k = 77777;
SELECT count() FROM t WHERE k >= 50000 AND k < 50100;
SELECT k FROM t ORDER BY k LIMIT 3;
SELECT k FROM t ORDER BY k DESC LIMIT 3;
SELECT _part != '', count() FROM t GROUP BY 1;
INSERT INTO t VALUES (5, 'unfinished'), (6);
SELECT count() FROM t;
CREATE TABLE wide (k UInt32, v String) ENGINE = MergeTree ORDER BY k SETTINGS min_bytes_for_wide_part = 0;
CREATE TABLE compact (k UInt32, v String) ENGINE = MergeTree ORDER BY k SETTINGS min_bytes_for_wide_part = 1000000000;
INSERT INTO wide SELECT * FROM t;
INSERT INTO compact SELECT * FROM t;
SELECT table, any(part_type) FROM system.parts WHERE database = currentDatabase() AND active AND table IN ('wide', 'compact') GROUP BY table ORDER BY table;
SELECT (SELECT sum(cityHash64(*)) FROM wide) = (SELECT sum(cityHash64(*)) FROM compact);
