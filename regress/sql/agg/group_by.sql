-- over: http
-- Grouping by expressions, aliases, positions, several keys of several types, and many groups.
SELECT number % 3 AS a, number % 2 AS b, count(), sum(number) FROM numbers(12) GROUP BY a, b ORDER BY a, b;
SELECT number % 3, count() FROM numbers(9) GROUP BY 1 ORDER BY 1;
SELECT toString(number % 2) AS s, [number % 2] AS arr, count() FROM numbers(4) GROUP BY s, arr ORDER BY s;
SELECT count() FROM (SELECT number FROM numbers(100000) GROUP BY number);
SELECT count(), sum(c) FROM (SELECT toString(number % 1000) AS s, count() AS c FROM numbers(10000) GROUP BY s);
SELECT a, b, count() FROM (SELECT toNullable(number % 2) AS a, if(number % 2, NULL, number) AS b FROM numbers(4)) GROUP BY a, b ORDER BY a, b;
SELECT intDiv(number, 10) AS d, max(number) FROM numbers(35) GROUP BY d HAVING max(number) > 9 ORDER BY d;
SELECT 1 AS one, count() FROM numbers(3) GROUP BY one;
SELECT count() FROM numbers(0) GROUP BY ();
SELECT sum(number) AS s, s * 2 FROM numbers(5);
SELECT number % 2 AS k, sum(number) / count() AS ratio, max(number) - min(number) FROM numbers(10) GROUP BY k ORDER BY k;
SELECT toDate('2024-01-01') + number % 2 AS d, toDecimal32(number % 2, 1) AS x, count() FROM numbers(4) GROUP BY d, x ORDER BY d;
SELECT number FROM numbers(3) GROUP BY 5;
SELECT k, count() FROM (SELECT CAST(number % 2 AS LowCardinality(String)) AS k FROM numbers(5)) GROUP BY k ORDER BY k;
SELECT k, count() FROM (SELECT toFixedString(toString(number % 2), 3) AS k FROM numbers(5)) GROUP BY k ORDER BY k;
SELECT tupleElement(k, 1), c FROM (SELECT (number % 2, 'x') AS k, count() AS c FROM numbers(5) GROUP BY k) ORDER BY 1;
SELECT x, count() FROM (SELECT arrayJoin([0.0, -0.0, nan, nan, 1.5]) AS x) GROUP BY x ORDER BY x;
