-- over: pg
-- x op ANY and ALL over arrays and subqueries, in three-valued logic.
SELECT 3 >= ALL (SELECT * FROM (VALUES (1), (2)) AS v), 3 > ANY (SELECT NULL::int), 1 < ALL (SELECT 1 WHERE false);
SELECT 1 = ANY ('{1,2}'), 'b' > ALL ('{a,aa}'), 'a' LIKE ANY (ARRAY['a%', 'b']);
SELECT 2 < ANY (ARRAY[1, NULL]), 2 < ALL (ARRAY[3, NULL]), 2 < ALL (ARRAY[]::int[]), 3 = ANY (ARRAY[1, NULL]);
SELECT x FROM (VALUES (1), (2)) AS t(x) WHERE x >= ALL (SELECT max(x) FROM (VALUES (1), (2)) AS u(x));
SELECT x FROM (VALUES (1), (2)) AS t(x) WHERE x < ANY (SELECT y FROM (VALUES (1), (2)) AS u(y) WHERE y > t.x);
SELECT (1, NULL) IN ((1, 2)), (1, 2) IN ((1, 2), (3, 4)), (1, 2) NOT IN ((3, 4));
SELECT 5 BETWEEN SYMMETRIC 10 AND 1, 5 NOT BETWEEN SYMMETRIC 10 AND 1, NULL BETWEEN 1 AND 2;
SELECT 1 UNION SELECT '2' ORDER BY 1;
SELECT true AND 1;
SELECT CASE WHEN true THEN 'a' END, abs(NULL);
