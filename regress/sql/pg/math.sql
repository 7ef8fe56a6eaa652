-- over: pg
-- Mathematical functions of PostgreSQL.
SELECT abs(-5), abs(-5.5), sign(-3), sign(2.5), ceil(2.1), ceiling(-2.1), floor(-2.1), floor(2.9);
SELECT round(2.5), round(3.5), round(-2.5), round(2.567, 2), round(1234.567, -2), trunc(2.9), trunc(-2.9), trunc(2.567, 2);
SELECT round(2.5::float8), round(3.5::float8), round(0.5::float8), trunc(2.7::float8);
SELECT mod(7, 3), mod(-7, 3), mod(7.5, 2), div(7, 2), div(-7.5, 2), power(2, 10), power(2.0, 0.5), sqrt(16), sqrt(2.0), cbrt(27.0);
SELECT exp(1.0), ln(10.0), log(100.0), log(2.0, 8.0), log10(1000), exp(0::float8), ln(1::float8);
SELECT pi(), degrees(pi()), radians(180.0::float8), sin(0), cos(0), tan(0), asin(1), acos(1), atan(1), atan2(1, 1);
SELECT gcd(12, 18), lcm(4, 6), factorial(5), width_bucket(5, 0, 10, 5), scale(1.230), min_scale(1.230), trim_scale(1.230);
SELECT greatest(1, 5, 3), least(4, 2), greatest(1, NULL, 3), least(NULL, NULL), greatest('a', 'b');
SELECT sqrt(-1);
SELECT ln(0);
SELECT power(0, -1);
SELECT pg_typeof(round(2.5)), pg_typeof(round(2.5::float8)), pg_typeof(ceil(1)), pg_typeof(sqrt(2)), pg_typeof(power(2, 3)), pg_typeof(mod(5, 3)), pg_typeof(abs(-5));
SELECT random() BETWEEN 0 AND 1, isfinite(date '2024-01-01');
