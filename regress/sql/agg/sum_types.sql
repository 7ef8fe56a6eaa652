-- over: http
-- sum and avg widen; wide and decimal types; floats.
SELECT sum(toUInt8(255)), sum(toInt8(-128)), sum(toUInt32(4294967295)), sum(toInt64(5)), toTypeName(sum(toInt8(1))), toTypeName(sum(toUInt8(1))) FROM numbers(1000);
SELECT sum(toDecimal32(1.25, 2)), avg(toDecimal32(1.25, 2)), toTypeName(sum(toDecimal32(1.25, 2))), toTypeName(sum(toDecimal128(1, 10))), sum(toDecimal128(1, 10)) FROM numbers(1000);
SELECT sum(toInt128(9223372036854775807)), toTypeName(sum(toInt128(1))), sum(toUInt256(1)), sum(toFloat32(0.5)), toTypeName(sum(toFloat32(0.5))) FROM numbers(4);
SELECT sum(true), avg(true), min(true), max(false), toTypeName(sum(true)), sum(number = 1) FROM numbers(3);
SELECT avg(number), avg(toUInt8(number)), avg(toFloat32(number) / 2), toTypeName(avg(number)) FROM numbers(5);
SELECT min(x), max(x) FROM (SELECT arrayJoin([1.5, nan, -inf, inf]) AS x);
SELECT min(toDecimal64(number, 2)), max(toDateTime64(number, 3, 'UTC')), min([number, 1]), max((number, 'z')), min(toUUID('00000000-0000-0000-0000-000000000001')), max(toIPv4(toUInt32(number))) FROM numbers(3);
SELECT sum(toUInt64(18446744073709551615)) FROM numbers(2);
SELECT max(toEnumLike) FROM (SELECT CAST(number + 1 AS Enum8('b' = 1, 'a' = 2)) AS toEnumLike FROM numbers(2));
SELECT sumWithOverflow(toUInt8(200)), sumCount(number), toTypeName(sumCount(number)) FROM numbers(2);
