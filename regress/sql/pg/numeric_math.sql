-- over: pg
-- Roots, powers and logarithms of numeric: digit for digit, with PostgreSQL's display scales and errors.
SELECT power(2::numeric, 10), power(2.5, 3), power(10::numeric, -3), power(2.0, 0.5), power(0::numeric, 0), power(0.1, 20), power(-2::numeric, 3), power(2::numeric, 100.5);
SELECT exp(-10.0), exp(100.0), exp(0::numeric), exp(1234.5) > 1, exp(-7000.0), exp('-Infinity'::numeric);
SELECT ln(1.0), ln(0.5), ln(1.05), ln(1e50), ln(1e-50), log(1e-5), log(2.0, 3), log(1000.0), log(10.0, 2.0);
SELECT sqrt(2.0), sqrt(1e10::numeric), sqrt(0.0001), sqrt(0::numeric), sqrt(123456789.123456789), sqrt('NaN'::numeric);
SELECT power(1.0000001, 1000000), power(1.1, 1000), power(99999.0, 9), power(7.5, -3.25), 1.5 ^ 2.5;
SELECT sign(-2.5), sign(0.0), sqrt(16), power(2, 10), 2 ^ 3, exp(1), pg_typeof(sqrt(2.0)), pg_typeof(sqrt(2)), pg_typeof(power(2, 0.5));
SELECT sqrt(-1.0);
SELECT ln(0.0);
SELECT ln(-1.0);
SELECT power(0.0, -1);
SELECT power(-2.0, 0.5);
SELECT exp(7000.0);
SELECT power(10.0, 200000);
SELECT log(1.0, 5);
