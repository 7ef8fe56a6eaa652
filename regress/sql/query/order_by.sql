-- over: http
-- ORDER BY: several keys, directions, NULLs and NaN, expressions, aliases, positions, collation by bytes.
SELECT number FROM numbers(5) ORDER BY number DESC;
SELECT number % 3 AS a, number FROM numbers(7) ORDER BY a DESC, number ASC;
SELECT x FROM (SELECT arrayJoin([3, NULL, 1, NULL, 2]) AS x) ORDER BY x;
SELECT x FROM (SELECT arrayJoin([3, NULL, 1, NULL, 2]) AS x) ORDER BY x DESC NULLS FIRST;
SELECT x FROM (SELECT arrayJoin([1.5, nan, -inf, inf, 0]) AS x) ORDER BY x;
SELECT x FROM (SELECT arrayJoin([1.5, nan, -inf, inf, 0]) AS x) ORDER BY x DESC;
SELECT s FROM (SELECT arrayJoin(['b', 'B', 'a', 'é', 'aa', '']) AS s) ORDER BY s;
SELECT number, -number AS m FROM numbers(3) ORDER BY m;
SELECT number FROM numbers(4) ORDER BY number % 2, number DESC;
SELECT number AS n, toString(n) FROM numbers(12) ORDER BY 2 LIMIT 4;
SELECT a FROM (SELECT [number % 2, number] AS a FROM numbers(4)) ORDER BY a DESC;
SELECT (number % 2, number) AS t FROM numbers(4) ORDER BY t;
SELECT number FROM numbers(1000000) ORDER BY number DESC LIMIT 3;
SELECT toDecimal32(number, 1) AS d FROM numbers(3) ORDER BY d DESC;
SELECT number FROM numbers(3) ORDER BY nothing;
SELECT number FROM numbers(3) ORDER BY 5;
