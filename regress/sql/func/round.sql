-- over: http
-- Rounding: half goes to even for floats, away from zero for decimals; negative places round left of the point.
SELECT round(2.5), round(3.5), round(-2.5), round(0.5), round(1.5), round(2.4), round(2.6);
SELECT round(123.456, 2), round(123.456, 1), round(123.456, 0), round(123.456, -1), round(123.456, -2), round(123.456, -3);
SELECT round(15, -1), round(25, -1), round(-15, -1), round(toInt8(127), -1), round(12345, -2);
SELECT floor(2.7), floor(-2.7), floor(123.456, 1), floor(123.456, -1), floor(127, -1), floor(-127, -1);
SELECT ceil(2.1), ceil(-2.1), ceiling(123.451, 2), ceil(121, -1), trunc(2.7), trunc(-2.7), truncate(123.456, 1), trunc(-127, -1);
SELECT round(toDecimal64(2.345, 3), 2), round(toDecimal64(-2.345, 3), 2), floor(toDecimal64(2.349, 3), 2), ceil(toDecimal64(2.341, 3), 2);
SELECT toTypeName(round(5)), toTypeName(round(5.5)), toTypeName(round(toDecimal32(1.5, 1))), toTypeName(floor(toUInt8(5)));
