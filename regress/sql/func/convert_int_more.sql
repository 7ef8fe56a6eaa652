-- over: http
-- The rarer functions of this family.
SELECT toInt32OrZero('12a'), toInt32OrNull('12a'), toInt32OrDefault('12a', toInt32(7)), toUInt64OrZero('x'), toFloat64OrNull('1e'), toFloat64OrZero('2.5');
SELECT toUInt32OrNull('7'), toInt8OrZero('1000'), toFloat64OrDefault('q', 1.5), toDateOrNull('x'), toDateOrZero('x');
SELECT accurateCast(5, 'UInt8'), accurateCastOrNull(300, 'UInt8'), accurateCastOrDefault(300, 'UInt8'), accurateCastOrNull('x', 'Int32');
SELECT accurateCast(300, 'UInt8');
SELECT reinterpretAsUInt16('ab'), reinterpretAsInt32('    '), reinterpretAsString(25185), reinterpretAsFloat32(toUInt32(1065353216)), reinterpret(toUInt8(255), 'Int8');
