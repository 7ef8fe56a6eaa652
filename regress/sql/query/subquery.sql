-- over: http
-- Subqueries in FROM, IN and as scalars.
SELECT x + 1 FROM (SELECT number AS x FROM numbers(3)) ORDER BY x;
SELECT (SELECT max(number) FROM numbers(5)), (SELECT 1 WHERE 0), (SELECT 'a', 2);
SELECT number FROM numbers(5) WHERE number > (SELECT avg(number) FROM numbers(5)) ORDER BY number;
SELECT (SELECT number FROM numbers(2));
SELECT a.x, b.y FROM (SELECT 1 AS x) AS a, (SELECT 2 AS y) AS b;
SELECT t.n FROM (SELECT number AS n FROM numbers(3)) AS t WHERE t.n IN (SELECT number FROM numbers(2)) ORDER BY t.n;
SELECT count() FROM (SELECT * FROM (SELECT * FROM numbers(4)));
SELECT number, (SELECT sum(number) FROM numbers(4)) AS total FROM numbers(2) ORDER BY number;
SELECT exists(SELECT 1 FROM numbers(1)), exists(SELECT 1 FROM numbers(0)), EXISTS (SELECT 1);
SELECT nothere FROM (SELECT 1 AS a);
SELECT s.a FROM (SELECT 1 AS a) AS s, (SELECT 2 AS a) AS r;
SELECT a FROM (SELECT 1 AS a) AS s, (SELECT 2 AS a) AS r;
