-- over: http
-- Floats: printing is the shortest text that reads back, infinities and NaN have their own names.
SELECT 0.1, 1.5e10, 1e21, 1e-7, 123456789.123456789, 1e300 * 1e10, -1e300 * 1e10;
SELECT nan, inf, -inf, nan = nan, inf > 1, isNaN(nan), isInfinite(inf), isFinite(1.0);
SELECT toFloat32(0.1), toFloat64(toFloat32(0.1)), toFloat32(16777217), toFloat32(1e38) * 10;
SELECT 5.5 % 2, -5.5 % 2, intDiv(7.9, 2), 1e0, 100000000000000000000., 1.0;
SELECT pow(2, 10), power(2, 0.5), pow(0, 0), sign(-3.5), sign(0), sign(7);
SELECT round(0.1 + 0.2, 2), 1e15 + 0.3, 1234567.891, 0.000001, 0.0000001;
