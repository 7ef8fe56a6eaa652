-- over: pg
-- Grouping sets combined, over no rows, and grouping().
CREATE TABLE t (a integer NOT NULL, b text, v integer);
SELECT a, count(*) FROM t GROUP BY ROLLUP (a);
SELECT count(*) FROM t GROUP BY ();
INSERT INTO t VALUES (1, 'x', 1), (1, 'y', 2), (2, 'x', 3);
SELECT a, b, sum(v), grouping(a, b) FROM t GROUP BY a, ROLLUP (b) ORDER BY a, b NULLS LAST;
SELECT a, sum(v) FROM t GROUP BY GROUPING SETS ((a), (a), ()) ORDER BY a NULLS LAST, 2;
SELECT a, b, sum(v) FROM t GROUP BY DISTINCT ROLLUP (a), ROLLUP (a, b) ORDER BY a NULLS LAST, b NULLS LAST;
SELECT a + 1, count(*) FROM t GROUP BY CUBE (a) ORDER BY 1 NULLS LAST;
SELECT a, coalesce(b, 'all'), sum(v) FROM t GROUP BY ROLLUP (a, b) HAVING sum(v) > 2 ORDER BY 3, 1, 2;
SELECT grouping(b) FROM t GROUP BY a;
SELECT b FROM t GROUP BY ROLLUP (a);
