-- over: pg
-- GROUP BY in PostgreSQL: expressions, positions, rollup, several keys.
CREATE TABLE t (a integer, b text, v integer);
INSERT INTO t SELECT i % 3, CASE i % 2 WHEN 0 THEN 'even' ELSE 'odd' END, i FROM generate_series(1, 12) AS i;
SELECT a, b, count(*), sum(v) FROM t GROUP BY a, b ORDER BY a, b;
SELECT a % 2 AS p, sum(v) FROM t GROUP BY a % 2 ORDER BY p;
SELECT a AS k, sum(v) FROM t GROUP BY k ORDER BY 2 DESC;
SELECT a, sum(v) FROM t GROUP BY 1 ORDER BY 1;
SELECT a, b, sum(v) FROM t GROUP BY ROLLUP (a, b) ORDER BY a NULLS LAST, b NULLS LAST;
SELECT a, b, sum(v), grouping(a) FROM t GROUP BY CUBE (a, b) ORDER BY a NULLS LAST, b NULLS LAST, 3;
SELECT a, b, count(*) FROM t GROUP BY GROUPING SETS ((a), (b), ()) ORDER BY a NULLS LAST, b NULLS LAST;
SELECT DISTINCT a FROM t ORDER BY a DESC;
SELECT DISTINCT ON (a) a, v FROM t ORDER BY a, v DESC;
SELECT count(*) FROM (SELECT DISTINCT a, b FROM t) AS x;
SELECT a, array_agg(v ORDER BY v DESC) FROM t GROUP BY a ORDER BY a;
SELECT upper(b), max(v) FROM t GROUP BY upper(b) HAVING max(v) > 11 ORDER BY 1;
SELECT b, v FROM t GROUP BY 5;
