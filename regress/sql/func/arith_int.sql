-- over: http
-- Result types of integer arithmetic: plus and minus widen, multiply widens, divide is always Float64.
SELECT 1 + 2, 1 - 2, 3 * 4, 7 / 2, -7 / 2, 0.1 + 0.2;
SELECT toTypeName(1 + 2), toTypeName(1 - 2), toTypeName(255 * 255), toTypeName(7 / 2);
SELECT toTypeName(toInt8(1) + toUInt8(1)), toTypeName(toUInt32(1) + toInt64(1)), toTypeName(toUInt64(1) - toUInt64(1));
SELECT toUInt8(200) + toUInt8(100), toInt8(100) + toInt8(100), toUInt64(0) - toUInt64(1);
SELECT toTypeName(toUInt64(1) + toInt64(1)), toTypeName(toFloat32(1) + toInt8(1)), toTypeName(toFloat32(1) + toInt64(1));
SELECT intDiv(7, 2), intDiv(-7, 2), intDivOrZero(7, 0), 7 % 3, -7 % 3, 7 % -3;
SELECT intDiv(1, 0);
SELECT 1 % 0;
SELECT 1 / 0, -1 / 0, 0 / 0;
SELECT negate(5), -(-5), toTypeName(-toUInt8(5)), abs(-5), abs(toInt8(-128));
SELECT number, number * number, number - 5 FROM numbers(8) ORDER BY number;
SELECT plus(1, 2), minus(5, 3), multiply(2, 3), divide(9, 3);
