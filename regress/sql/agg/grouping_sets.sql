-- over: http
-- grouping(), equal sets, empty sets and NULL for the keys that a set leaves out.
SELECT number % 2 AS a, number % 3 AS b, count(), grouping(a, b), grouping(b) FROM numbers(6) GROUP BY a, b WITH CUBE ORDER BY a, b, count(), 4;
SELECT number, count(), grouping(number) FROM numbers(2) GROUP BY GROUPING SETS ((number), (number), ()) ORDER BY ALL;
SELECT number, count(), number + 1 FROM numbers(2) GROUP BY number WITH ROLLUP ORDER BY ALL SETTINGS group_by_use_nulls = 1;
SELECT number AS a, number % 2 AS c, count(), grouping(a, c) FROM numbers(3) GROUP BY ROLLUP(a, c) ORDER BY ALL;
SELECT number, count() FROM numbers(0) GROUP BY number WITH ROLLUP;
SELECT count() FROM numbers(3) GROUP BY ();
SELECT number % 2 AS k, sum(number) AS s FROM numbers(6) GROUP BY ROLLUP(k) HAVING s > 6 ORDER BY s;
SELECT toString(number % 2) AS k, uniqExact(number) FROM numbers(6) GROUP BY CUBE(k) ORDER BY ALL;
SELECT grouping(number + 1) FROM numbers(2) GROUP BY number;
