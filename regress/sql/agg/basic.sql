-- over: http
-- Aggregates over nothing, over one group, over NULLs.
CREATE TABLE t (k UInt8, v Int32, s String, n Nullable(Int32)) ENGINE = MergeTree ORDER BY k;
SELECT count(), count(v), sum(v), avg(v), min(v), max(v), any(v), min(s), max(s) FROM t;
SELECT k, count() FROM t GROUP BY k;
SELECT sum(n), count(n), min(n), avg(n), max(n) FROM t;
INSERT INTO t VALUES (1, 10, 'a', 5), (1, -20, 'b', NULL), (2, 30, 'c', 7), (2, 30, 'a', 1), (3, 0, '', NULL);
SELECT count(), count(n), sum(v), avg(v), min(v), max(v), min(s), max(s), sum(n), avg(n) FROM t;
SELECT k, count(), sum(v), avg(v), min(v), max(v), sum(n), avg(n), min(s), max(s) FROM t GROUP BY k ORDER BY k;
SELECT k, sum(v) AS total FROM t GROUP BY k HAVING total > 0 ORDER BY total DESC;
SELECT k % 2 AS odd, count() AS c FROM t GROUP BY odd ORDER BY odd;
SELECT s, count(*) FROM t GROUP BY s ORDER BY s;
SELECT count(DISTINCT s), count(DISTINCT k, s), uniqExact(s), uniqExact(k, s) FROM t;
SELECT toTypeName(count()), toTypeName(sum(v)), toTypeName(avg(v)), toTypeName(sum(n)), toTypeName(sum(toUInt8(1))), toTypeName(sum(1.5)), toTypeName(min(s)), toTypeName(max(n)) FROM t;
SELECT sum(v) FILTER (WHERE k = 1), count() FILTER (WHERE v > 0) FROM t;
SELECT v FROM t GROUP BY k;
SELECT sum(sum(v)) FROM t;
SELECT sum(s) FROM t;
