-- over: http
-- Subqueries in subqueries, as dashboards write them.
SELECT max(c) FROM (SELECT k, count() AS c FROM (SELECT n % 7 AS k FROM (SELECT number AS n FROM (SELECT * FROM numbers(100)) WHERE n > 5)) GROUP BY k);
SELECT d, c, c - lag FROM (SELECT d, c, (SELECT 1) AS lag FROM (SELECT toDate('2024-01-01') + number % 3 AS d, count() AS c FROM numbers(10) GROUP BY d)) ORDER BY d;
SELECT a.k, a.c, b.m FROM (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k) AS a JOIN (SELECT number % 3 AS k, max(number) AS m FROM numbers(10) GROUP BY k) AS b ON a.k = b.k ORDER BY a.k;
WITH base AS (SELECT number AS n, n % 4 AS g FROM numbers(20)), agg AS (SELECT g, sum(n) AS s FROM base GROUP BY g) SELECT g, s, s / (SELECT sum(s) FROM agg) AS share FROM agg ORDER BY g;
SELECT arraySort(groupArray(t)) FROM (SELECT (k, sum(v)) AS t FROM (SELECT number % 2 AS k, number AS v FROM numbers(6)) GROUP BY k);
