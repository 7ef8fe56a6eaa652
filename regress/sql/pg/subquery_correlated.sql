-- over: pg
-- Correlated subqueries, LATERAL, recursion.
CREATE TABLE t (a integer, b integer);
INSERT INTO t VALUES (1, 10), (2, 20), (3, 30);
SELECT a, (SELECT count(*) FROM t AS u WHERE u.a < t.a) FROM t ORDER BY a;
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM t AS u WHERE u.a = t.a + 1) ORDER BY a;
SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM t AS u WHERE u.a = t.a + 1);
SELECT t.a, l.x FROM t, LATERAL (SELECT u.a * 10 AS x FROM t AS u WHERE u.a <= t.a) AS l ORDER BY 1, 2;
WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) FROM r;
