-- over: http
-- Bit functions.
SELECT bitAnd(12, 10), bitOr(12, 10), bitXor(12, 10), bitNot(toUInt8(5)), bitNot(toInt8(5));
SELECT bitShiftLeft(1, 4), bitShiftRight(256, 4), bitShiftLeft(toUInt8(255), 1), bitShiftRight(toInt8(-8), 1);
SELECT toTypeName(bitAnd(toUInt8(1), toUInt32(1))), toTypeName(bitShiftLeft(toUInt8(1), 1)), toTypeName(bitAnd(toInt8(1), toUInt8(1)));
SELECT bitAnd(number, 3) AS b, count() FROM numbers(100) GROUP BY b ORDER BY b;
