-- over: pg
-- Series of numbers and times.
SELECT * FROM generate_series(1, 3);
SELECT * FROM generate_series(3, 1);
SELECT * FROM generate_series(3, 1, -1);
SELECT i * 2 FROM generate_series(1, 3) AS i;
SELECT sum(i), count(*) FROM generate_series(1, 100000) AS i;
SELECT i FROM generate_series(0.5, 2.0, 0.5) AS i;
SELECT t FROM generate_series(timestamptz '2024-01-01', '2024-01-01 12:00', '6 hours') AS t;
SELECT i, j FROM generate_series(1, 2) AS i, generate_series(1, 2) AS j ORDER BY i, j;
SELECT * FROM generate_series(1, 3, 0);
SELECT to_char(d, 'Mon') FROM generate_series(date '2024-01-01', '2024-03-01', '1 month') AS d;
SELECT generate_series(1, 2), 'x';
SELECT i FROM generate_series(1, 10) i WHERE i % 3 = 0 ORDER BY i DESC;
