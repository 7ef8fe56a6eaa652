-- over: pg
-- Window functions.
SELECT g, n, row_number() OVER (PARTITION BY g ORDER BY n), sum(n) OVER (PARTITION BY g ORDER BY n), rank() OVER (ORDER BY g) FROM (VALUES (1, 10), (1, 20), (2, 5)) AS t(g, n) ORDER BY g, n;
SELECT n, lag(n) OVER (ORDER BY n), lead(n, 1, 0) OVER (ORDER BY n), first_value(n) OVER (ORDER BY n), ntile(2) OVER (ORDER BY n) FROM generate_series(1, 4) AS n ORDER BY n;
