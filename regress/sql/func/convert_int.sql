-- over: http
-- Conversions between integers and text: wrap-around without a check, errors on bad text, the Or… family.
SELECT toInt8(300), toUInt8(-1), toInt32('123'), toUInt64('18446744073709551615'), toInt64('-5'), toInt16(3.9), toInt16(-3.9);
SELECT toInt32('12a');
SELECT toInt32('');
SELECT toUInt8('256'), toInt8('-129');
SELECT toFloat64('1.5'), toFloat64('inf'), toFloat64('-1e3'), toFloat32('0.1'), toFloat64('nan');
SELECT toString(5), toString(-1.5), toString([1, 2]), toString((1, 'a')), toString(toDate('2024-02-29')), toString(true);
SELECT CAST('5', 'Int32'), CAST(5 AS String), CAST('2024-01-01' AS Date), '7'::UInt8, toTypeName('7'::UInt8);
SELECT 3.7::Int32;
SELECT CAST(NULL AS Nullable(Int32)), toTypeName(CAST(1 AS Nullable(Int32))), CAST('a' AS Nullable(String));
SELECT CAST(NULL AS Int32);
SELECT toInt128('170141183460469231731687303715884105727'), toUInt128('340282366920938463463374607431768211455'), toInt256('-5'), toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935');
SELECT toBool('true'), toBool(0), toBool('1'), toTypeName(toBool(1)), true::UInt8, toString(false);
