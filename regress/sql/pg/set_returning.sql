-- over: pg
-- Set-returning functions: side by side they are padded with NULL, nested ones multiply, and they come after grouping.
SELECT generate_series(1, 2), generate_series(1, 3);
SELECT generate_series(1, generate_series(1, 3));
SELECT generate_series(1, 3), count(*) FROM generate_series(1, 5);
SELECT unnest(array_agg(n ORDER BY n)) FROM generate_series(1, 3) AS n;
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) WITH ORDINALITY AS t(x, y, z);
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a', 'b', 'c']));
SELECT u FROM (VALUES (1, ARRAY[1, 2]), (2, ARRAY[3])) AS t(i, a), unnest(a) AS u ORDER BY u;
SELECT unnest(a), count(*) FROM (VALUES (ARRAY[1, 2]), (ARRAY[1])) AS t(a) GROUP BY 1 ORDER BY 1;
SELECT a.i, b.j FROM generate_series(1, 2) AS a(i) LEFT JOIN LATERAL generate_series(2, a.i) AS b(j) ON true ORDER BY 1;
SELECT generate_series(1, 3) AS x ORDER BY x DESC LIMIT 2;
SELECT DISTINCT generate_series(1, 4) % 2 AS y ORDER BY 1;
SELECT * FROM generate_series(9223372036854775806, 9223372036854775807);
SELECT * FROM generate_series(1.5, 3);
SELECT generate_series(NULL, 3);
SELECT * FROM lower('X');
SELECT generate_subscripts(ARRAY[5, 6], 1), generate_subscripts(ARRAY[5, 6], 1, true);
SELECT x ->> 'a', x.value FROM jsonb_array_elements('[{"a":1},{"a":2}]') AS x;
SELECT k, v FROM json_each_text('{"a":null,"b":"x"}') AS t(k, v);
SELECT * FROM generate_series(1, 2) AS g(a, b);
SELECT * FROM generate_series(1, 3, 0);
VALUES (generate_series(1, 2));
SELECT 1 WHERE generate_series(1, 2) = 1;
SELECT count(generate_series(1, 2));
