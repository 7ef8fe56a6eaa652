-- over: http
-- Filters at each stage.
SELECT number % 5 AS k, count() AS c FROM numbers(23) WHERE number > 2 GROUP BY k HAVING c > 4 ORDER BY k;
SELECT k, s FROM (SELECT number % 3 AS k, sum(number) AS s FROM numbers(10) GROUP BY k) WHERE s > 12 ORDER BY k;
SELECT count() FROM numbers(10) WHERE 0;
SELECT count() FROM numbers(10) WHERE NULL;
SELECT count() FROM numbers(10) WHERE number;
SELECT number FROM numbers(10) HAVING number > 7 ORDER BY number;
SELECT sum(number) FROM numbers(10) HAVING sum(number) > 100;
SELECT number FROM numbers(3) WHERE 'abc';
SELECT max(number) FROM numbers(10) WHERE count() > 1;
SELECT number FROM numbers(4) WHERE (number, 1) IN ((1, 1), (2, 1)) ORDER BY number;
