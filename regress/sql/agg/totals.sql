-- over: http
-- WITH TOTALS, ROLLUP, CUBE, GROUPING SETS.
SELECT number % 2 AS k, count(), sum(number) FROM numbers(5) GROUP BY k WITH TOTALS ORDER BY k;
SELECT number % 2 AS a, number % 3 AS b, count() FROM numbers(6) GROUP BY ROLLUP(a, b) ORDER BY a, b, count();
SELECT number % 2 AS a, number % 3 AS b, count() FROM numbers(6) GROUP BY a, b WITH CUBE ORDER BY a, b, count();
SELECT number % 2 AS a, number % 3 AS b, count() FROM numbers(6) GROUP BY GROUPING SETS ((a), (b), ()) ORDER BY a, b, count();
SELECT number % 2 AS k, count() FROM numbers(5) GROUP BY k WITH TOTALS ORDER BY k FORMAT JSONCompact SETTINGS output_format_write_statistics = 0;
