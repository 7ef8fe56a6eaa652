-- over: pg
-- Integer arithmetic of PostgreSQL: division truncates, overflow is an error, numeric keeps its scale.
SELECT 1 + 2, 7 / 2, -7 / 2, 7 % 3, -7 % 3, 2 * 3, 5 - 8, 2 ^ 10, |/ 16.0, ||/ 27.0, @ -5;
SELECT 7.0 / 2, 1 / 3.0, 10::numeric / 3, 1.10 + 2.2, 1.5 * 1.5, 2.50 - 0.5, 5.0 % 3;
SELECT 2147483647 + 1;
SELECT 9223372036854775807 + 1;
SELECT 32767::smallint + 1::smallint;
SELECT 2147483647::bigint + 1, 2147483647 + 1::bigint, 1::smallint + 1, 3000000000 * 2;
SELECT 1 / 0;
SELECT 1.0 / 0;
SELECT 5 % 0;
SELECT 1e308::float8 * 10;
SELECT 1.0::float8 / 3, 1.0::float4 / 3, 0.1::float8 + 0.2::float8, 1e15::float8, 1e16::float8, 123456789.123::float8, 'NaN'::float8, 'Infinity'::float8, -0.0::float8;
SELECT -2147483648, -(-2147483648)::bigint, -9223372036854775808;
SELECT 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 4, 256 >> 2;
SELECT pg_typeof(1), pg_typeof(1 + 1::bigint), pg_typeof(1.5), pg_typeof(1 / 2), pg_typeof(1.0 / 2), pg_typeof(1::smallint + 1), pg_typeof(3000000000), pg_typeof(1::float4 + 1), pg_typeof(2 ^ 2);
