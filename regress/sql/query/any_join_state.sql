-- over: http
-- Joins over aggregated sides and with USING over expressions of other types.
SELECT a.k, a.c, b.u FROM (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k) AS a LEFT JOIN (SELECT toUInt8(number) AS k, concat('u', toString(number)) AS u FROM numbers(2)) AS b USING (k) ORDER BY a.k;
SELECT x.d, y.v FROM (SELECT toDate('2024-01-01') + number AS d FROM numbers(3)) AS x LEFT JOIN (SELECT toDate('2024-01-02') AS d, 5 AS v) AS y ON x.d = y.d ORDER BY x.d;
SELECT l.s, r.n FROM (SELECT toString(number) AS s FROM numbers(3)) AS l INNER JOIN (SELECT toLowCardinality(toString(number)) AS s, number AS n FROM numbers(2)) AS r ON l.s = r.s ORDER BY l.s;
SELECT t.a, t.b FROM (SELECT 1 AS a, 2 AS b) AS t INNER JOIN (SELECT 1 AS a, 2 AS b) AS u USING (a, b);
SELECT count() FROM (SELECT (number % 2, number % 3) AS k FROM numbers(12)) AS x JOIN (SELECT (number % 2, number % 3) AS k FROM numbers(6)) AS y ON x.k = y.k;
