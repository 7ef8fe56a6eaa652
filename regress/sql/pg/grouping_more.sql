-- over: pg
-- Several empty grouping sets, positions of the columns of *, queries among inserted values.
CREATE TABLE g1 (a int, b text);
INSERT INTO g1 VALUES ((SELECT 1), 'x'), (2, (SELECT 'y' || 'z')), (DEFAULT, (SELECT NULL::text));
SELECT * FROM g1 ORDER BY 1;
SELECT count(*) FROM g1 GROUP BY GROUPING SETS ((), ());
SELECT sum(a) FROM g1 GROUP BY GROUPING SETS ((), (), ()) HAVING count(*) > 0;
SELECT count(*) FROM g1 WHERE false GROUP BY GROUPING SETS ((), ());
SELECT GROUPING(b), b, count(*) FROM g1 GROUP BY GROUPING SETS ((b), (), ()) ORDER BY 1, 2;
SELECT * FROM g1 GROUP BY 1, 2 ORDER BY 1;
SELECT b, g1.* FROM g1 GROUP BY 1, 2 ORDER BY 2;
SELECT * FROM g1 GROUP BY 3;
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 10 LIMIT 3) SELECT * FROM r;
