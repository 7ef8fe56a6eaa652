-- over: pg
-- bigint in a table, with NULLs: order, grouping, comparison, joins, COPY, parameters, binary.
CREATE TABLE t (k integer, v bigint);
INSERT INTO t VALUES (1, -9223372036854775808), (2, -1), (3, 0), (4, 5), (5, 9223372036854775807), (9, NULL);
SELECT k, v, pg_typeof(v) FROM t ORDER BY k;
SELECT v, count(*) FROM t GROUP BY v ORDER BY v;
SELECT k FROM t ORDER BY v DESC, k;
SELECT k FROM t WHERE v = 0 ORDER BY k;
SELECT k FROM t WHERE v <> 0 ORDER BY k;
SELECT k FROM t WHERE v IN (-1, 0) ORDER BY k;
SELECT k FROM t WHERE v >= 0 ORDER BY k;
SELECT count(v), count(DISTINCT v), min(v), max(v) FROM t;
SELECT sum(v), pg_typeof(sum(v)), pg_typeof(avg(v)) FROM t WHERE k IN (2, 3, 4);
SELECT a.k, b.k FROM t a JOIN t b ON a.v = b.v WHERE a.k < b.k ORDER BY 1, 2;
SELECT k FROM t WHERE v IS NULL;
COPY (SELECT * FROM t ORDER BY k) TO STDOUT;
COPY (SELECT * FROM t ORDER BY k) TO STDOUT (FORMAT csv);
CREATE TABLE u AS SELECT * FROM t;
--! bind 0
SELECT k FROM u WHERE v = $1 ORDER BY k;
--! bind 77|0
INSERT INTO u VALUES ($1, $2);
SELECT v::text FROM u WHERE k = 77;
--! binary
SELECT v FROM t WHERE k IN (3, 4) ORDER BY k;
