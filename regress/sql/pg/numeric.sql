-- over: pg
-- numeric: display scale through arithmetic, casts, rounding, limits.
SELECT 1.10::numeric, 1.10 + 1, 1.1 * 1.10, 10.00 / 3, 1::numeric, 1.0, 0.50, -0.0, 1e3, 1.5e-3, 100.00 / 10;
SELECT 1.005::numeric(10, 2), 2.345::numeric(5, 2), 99.999::numeric(5, 2), 123::numeric(5), -1.5::numeric(3, 0), 12345.678::numeric(10, 1);
SELECT 1000::numeric(5, 2);
SELECT sum(x), avg(x), min(x), max(x) FROM (VALUES (1.10), (2.20), (3.333)) AS t(x);
SELECT avg(x), sum(x) FROM (VALUES (1), (2), (4)) AS t(x);
SELECT 0.1 + 0.2 = 0.3, 1.0 = 1.00, 1.5 > 1.49, 'NaN'::numeric = 'NaN'::numeric, 'NaN'::numeric > 1;
SELECT '12.34'::numeric, 12.34::text, 12.34::int, 12.5::int, 13.5::int, -12.5::int, 12.34::float8, 1e10::bigint;
SELECT 'abc'::numeric;
SELECT 1234567890123456789012345678901234567890::numeric, 12345678901234567890.123456789 * 2, 0.00000000001 * 0.1;
SELECT round(1.005, 2), round(-1.005, 2), trunc(1.999, 2), ceil(1.001), floor(-1.001);
SELECT pg_typeof(1.5), pg_typeof(1.5::numeric(5, 1)), pg_typeof(sum(1)), pg_typeof(sum(1::bigint)), pg_typeof(avg(1)), pg_typeof(sum(1.5)), pg_typeof(count(*));
