-- over: http
-- CROSS, comma, ANY, SEMI, ANTI, ASOF joins.
SELECT a, b FROM (SELECT number AS a FROM numbers(2)) AS x CROSS JOIN (SELECT number AS b FROM numbers(2)) AS y ORDER BY a, b;
SELECT a, b FROM (SELECT number AS a FROM numbers(2)) AS x, (SELECT number AS b FROM numbers(2)) AS y WHERE a = b ORDER BY a;
SELECT k, v FROM (SELECT 1 AS k) AS x ANY LEFT JOIN (SELECT 1 AS k, 'v' AS v) AS y USING (k);
SELECT count() FROM (SELECT number % 2 AS k FROM numbers(4)) AS x ANY INNER JOIN (SELECT number % 2 AS k FROM numbers(6)) AS y USING (k);
SELECT x.k FROM (SELECT number AS k FROM numbers(4)) AS x LEFT SEMI JOIN (SELECT number * 2 AS k FROM numbers(5)) AS y ON x.k = y.k ORDER BY x.k;
SELECT x.k FROM (SELECT number AS k FROM numbers(4)) AS x LEFT ANTI JOIN (SELECT number * 2 AS k FROM numbers(5)) AS y ON x.k = y.k ORDER BY x.k;
SELECT x.t, y.t, y.v FROM (SELECT 1 AS k, arrayJoin([5, 10, 15]) AS t) AS x ASOF JOIN (SELECT 1 AS k, arrayJoin([4, 9, 20]) AS t, t * 10 AS v) AS y ON x.k = y.k AND x.t >= y.t ORDER BY x.t;
SELECT a.n, b.n FROM (SELECT number AS n FROM numbers(3)) AS a JOIN (SELECT number AS n FROM numbers(3)) AS b ON a.n < b.n ORDER BY a.n, b.n;
SELECT count() FROM (SELECT number FROM numbers(1000)) AS a JOIN (SELECT number FROM numbers(1000)) AS b ON a.number = b.number;
SELECT a.k, count() FROM (SELECT toString(number % 10) AS k FROM numbers(100)) AS a GLOBAL JOIN (SELECT toString(number) AS k FROM numbers(5)) AS b ON a.k = b.k GROUP BY a.k ORDER BY a.k;
