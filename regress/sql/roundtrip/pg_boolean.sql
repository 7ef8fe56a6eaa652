-- over: pg
-- boolean in a table, with NULLs: order, grouping, comparison, joins, COPY, parameters, binary.
CREATE TABLE t (k integer, v boolean);
INSERT INTO t VALUES (1, false), (2, true), (3, true), (4, false), (5, true), (9, NULL);
SELECT k, v, pg_typeof(v) FROM t ORDER BY k;
SELECT v, count(*) FROM t GROUP BY v ORDER BY v;
SELECT k FROM t ORDER BY v DESC, k;
SELECT k FROM t WHERE v = true ORDER BY k;
SELECT k FROM t WHERE v <> true ORDER BY k;
SELECT k FROM t WHERE v IN (true, true) ORDER BY k;
SELECT k FROM t WHERE v >= true ORDER BY k;
SELECT count(v), count(DISTINCT v), bool_or(v) FROM t;
SELECT a.k, b.k FROM t a JOIN t b ON a.v = b.v WHERE a.k < b.k ORDER BY 1, 2;
SELECT k FROM t WHERE v IS NULL;
COPY (SELECT * FROM t ORDER BY k) TO STDOUT;
COPY (SELECT * FROM t ORDER BY k) TO STDOUT (FORMAT csv);
CREATE TABLE u AS SELECT * FROM t;
--! bind true
SELECT k FROM u WHERE v = $1 ORDER BY k;
--! bind 77|true
INSERT INTO u VALUES ($1, $2);
SELECT v::text FROM u WHERE k = 77;
--! binary
SELECT v FROM t WHERE k IN (3, 4) ORDER BY k;
