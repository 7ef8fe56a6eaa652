-- over: http
-- Enum16('a' = -1000, 'b' = 1, 'c' = 30000) through storage, both kinds of parts, keys, grouping, joins and text formats.
CREATE TABLE t (k UInt8, v Enum16('a' = -1000, 'b' = 1, 'c' = 30000)) ENGINE = MergeTree ORDER BY k SETTINGS min_bytes_for_wide_part = 0;
INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'c'), (5, 'a');
INSERT INTO t (k) VALUES (9);
SELECT k, v, toTypeName(v) FROM t ORDER BY k;
SELECT v, count() FROM t GROUP BY v ORDER BY v;
SELECT k FROM t ORDER BY v DESC, k;
SELECT k FROM t WHERE v = 'c' ORDER BY k;
SELECT count() FROM t WHERE v != 'c';
SELECT k FROM t WHERE v IN ('b', 'c') ORDER BY k;
SELECT k FROM t WHERE v < 'c' ORDER BY k;
SELECT min(v), max(v), uniqExact(v), count(v), argMax(k, (v, k)) FROM t;
SELECT a.k, b.k FROM t AS a JOIN t AS b ON a.v = b.v WHERE a.k <= b.k ORDER BY a.k, b.k;
SELECT DISTINCT v FROM t ORDER BY v LIMIT 3;
CREATE TABLE c (k UInt8, v Enum16('a' = -1000, 'b' = 1, 'c' = 30000)) ENGINE = MergeTree ORDER BY (v, k);
INSERT INTO c SELECT k, v FROM t;
SELECT k FROM c WHERE v >= 'c' ORDER BY k;
SELECT v FROM c ORDER BY v, k LIMIT 4;
OPTIMIZE TABLE c FINAL;
SELECT k, v FROM c WHERE v = 'c' ORDER BY k;
SELECT v FROM t WHERE k IN (1, 3) ORDER BY k FORMAT JSONEachRow;
SELECT v FROM t ORDER BY k FORMAT CSV;
SELECT v FROM t WHERE k IN (1, 5) ORDER BY k FORMAT Values;
SELECT toString(v), length(toString(v)) FROM t WHERE k = 3;
SELECT v FROM t WHERE k = 3 FORMAT RowBinary;
