-- over: http
-- arrayJoin multiplies rows; ARRAY JOIN does it for several arrays side by side.
SELECT arrayJoin([1, 2, 3]) AS x, x * 2;
SELECT arrayJoin([1, 2]) AS x, arrayJoin([10, 20]) AS y ORDER BY x, y;
SELECT count() FROM (SELECT arrayJoin(range(number)) FROM numbers(5));
SELECT s, a FROM (SELECT 'x' AS s, [1, 2] AS arr) ARRAY JOIN arr AS a;
SELECT s, arr FROM (SELECT 'x' AS s, [1, 2] AS arr) ARRAY JOIN arr;
SELECT a, b FROM (SELECT [1, 2] AS x, ['p', 'q'] AS y) ARRAY JOIN x AS a, y AS b;
SELECT a, i FROM (SELECT ['p', 'q'] AS x) ARRAY JOIN x AS a, arrayEnumerate(x) AS i;
SELECT s, a FROM (SELECT number AS s, range(number) AS x FROM numbers(3)) LEFT ARRAY JOIN x AS a ORDER BY s, a;
SELECT s, a FROM (SELECT number AS s, range(number) AS x FROM numbers(3)) ARRAY JOIN x AS a ORDER BY s, a;
SELECT a, count() FROM (SELECT [number % 2, 5] AS x FROM numbers(4)) ARRAY JOIN x AS a GROUP BY a ORDER BY a;
SELECT a, b FROM (SELECT [1, 2] AS x, [1] AS y) ARRAY JOIN x AS a, y AS b;
SELECT k, v FROM (SELECT map('a', 1, 'b', 2) AS m) ARRAY JOIN mapKeys(m) AS k, mapValues(m) AS v ORDER BY k;
