-- over: http
-- WITH: named subqueries and named expressions.
WITH t AS (SELECT number AS n FROM numbers(3)) SELECT sum(n) FROM t;
WITH 5 AS x SELECT x, x + 1;
WITH (SELECT max(number) FROM numbers(10)) AS m SELECT number FROM numbers(10) WHERE number > m - 2 ORDER BY number;
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT x, y FROM a, b;
WITH t AS (SELECT number AS n FROM numbers(2)) SELECT l.n, r.n FROM t AS l, t AS r ORDER BY l.n, r.n;
WITH toDate('2024-01-01') AS start, start + 7 AS finish SELECT start, finish;
WITH t AS (SELECT 1 AS a UNION ALL SELECT 2) SELECT a FROM t ORDER BY a;
SELECT n FROM (WITH q AS (SELECT number AS n FROM numbers(2)) SELECT * FROM q) ORDER BY n;
WITH x -> x * 2 AS twice SELECT arrayMap(twice, [1, 2]), twice(5);
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) FROM r;
WITH t AS (SELECT 1 AS a) SELECT * FROM u;
