-- over: pg
-- WITH RECURSIVE: counting, walking a graph with UNION, several columns, references from the outside.
WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) FROM r;
WITH RECURSIVE t AS (SELECT 1 AS n, 'a'::text AS s UNION ALL SELECT n + 1, s || 'b' FROM t WHERE n < 4) SELECT * FROM t ORDER BY n;
WITH RECURSIVE e(a, b) AS (VALUES (1, 2), (2, 3), (3, 1)), p(x) AS (SELECT 1 UNION SELECT e.b FROM e JOIN p ON e.a = p.x) SELECT * FROM p ORDER BY x;
WITH RECURSIVE f(a, b) AS (SELECT 0::bigint, 1::bigint UNION ALL SELECT b, a + b FROM f WHERE b < 1000) SELECT max(a) FROM f;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT x.n, y.n FROM t x, t y WHERE x.n = y.n ORDER BY 1;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 10000) SELECT count(*), max(n) FROM t;
WITH RECURSIVE t(id, parent, path) AS (SELECT 1, NULL::int, ARRAY[1] UNION ALL SELECT t.id + 1, t.id, path || (t.id + 1) FROM t WHERE t.id < 3) SELECT * FROM t ORDER BY id;
SELECT x, (WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT sum(n) FROM t) FROM (VALUES (1), (2)) AS v(x) ORDER BY x;
WITH RECURSIVE a AS (SELECT 1 AS x) SELECT * FROM a;
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1.5 FROM t WHERE n < 3) SELECT * FROM t;
CREATE TABLE tree (id integer, parent integer, name text);
INSERT INTO tree VALUES (1, NULL, 'root'), (2, 1, 'left'), (3, 1, 'right'), (4, 2, 'leaf');
WITH RECURSIVE w AS (SELECT id, name, 0 AS depth FROM tree WHERE parent IS NULL UNION ALL SELECT c.id, c.name, w.depth + 1 FROM tree AS c JOIN w ON c.parent = w.id) SELECT * FROM w ORDER BY depth, id;
WITH RECURSIVE t(n) AS (SELECT n FROM t) SELECT * FROM t;
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT (SELECT max(n) FROM t) + 1 FROM t WHERE n < 3) SELECT * FROM t;
