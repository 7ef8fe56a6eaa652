-- over: http
-- Maps added key by key, series without gaps, pairs in text; strings as bits; digits of decimals.
SELECT mapAdd(map('b', 1, 'a', 2), map('c', 1)), mapAdd(([1, 2], [10, 20]), ([2, 3], [1, 1])), mapSubtract(map('a', 3), map('b', 1)), toTypeName(mapAdd(map('a', 1), map('a', 2)));
SELECT mapAdd(map(number, 1), map(number % 2, number)) FROM numbers(4) ORDER BY number;
SELECT mapAdd(map(1, 1), map(300, -2));
SELECT mapPopulateSeries([3, 1], [5, 6]), mapPopulateSeries(map(1, 10, 5, 20), 3), mapPopulateSeries(emptyArrayUInt8(), emptyArrayUInt8(), 5);
SELECT extractKeyValuePairs('name:"neymar, jr", age:31'), extractKeyValuePairs('a=1&b=2', '=', '&'), extractKeyValuePairs('a:b:c d: :e f');
SELECT hex(bitSlice('Hello', -100, 62)), hex(bitSlice('Hello', 3, 12)), hex(bitShiftLeft('abc', 4)), hex(bitShiftRight('abc', 4)), hex(bitShiftLeft(toFixedString('abc', 3), 4)), hex(bitShiftRight(toFixedString('abc', 3), 12)), hex(bitShiftLeft('abc', 24));
SELECT bitShiftLeft('abc', -1);
SELECT toDecimalString(2.5, 0), toDecimalString(-2.145, 2), toDecimalString(1e20, 2), toDecimalString(toDecimal64(1.5, 1), 5), toDecimalString(0.1, 25), toDecimalString(0.125, 2), toDecimalString(-9.999, 2), toDecimalString(-5::Int8, 1);
SELECT toDecimalString(1.5, 61);
SELECT divideDecimal(toDecimal32('-10', 1), toDecimal32('3', 2), 0), multiplyDecimal(toDecimal64('1.55', 2), toDecimal32('1.55', 2), 1), toTypeName(divideDecimal(toDecimal32('10', 1), toDecimal32('3', 1)));
SELECT divideDecimal(toDecimal32('10', 1), toDecimal32('0', 1));
SELECT roundDown(5, [20, 10]), roundDown(15.5, [10, 20]), roundAge(17), roundAge(60), roundAge(-5), roundDuration(100000);
SELECT accurateCastOrDefault(300, 'UInt8', materialize(7)) FROM numbers(2);
