-- over: http
-- Higher-order functions.
SELECT arrayMap(x -> x * 2, [1, 2, 3]), arrayMap((x, y) -> x + y, [1, 2], [10, 20]), arrayMap(x -> toString(x), [1, 2]), arrayMap(x -> [x], [1]);
SELECT arrayFilter(x -> x > 1, [1, 2, 3]), arrayFilter((x, y) -> y, ['a', 'b', 'c'], [1, 0, 1]), arrayFilter(x -> x IS NOT NULL, [1, NULL]), arrayFilter(x -> 0, [1]);
SELECT arrayExists(x -> x = 2, [1, 2]), arrayExists(x -> x = 5, [1, 2]), arrayAll(x -> x > 0, [1, 2]), arrayAll(x -> x > 0, []), arrayCount(x -> x > 1, [1, 2, 3]), arrayCount([0, 1, 1]);
SELECT arrayFirst(x -> x > 1, [1, 2, 3]), arrayFirst(x -> x > 9, [1]), arrayLast(x -> x > 1, [1, 2, 3]), arrayFirstIndex(x -> x > 1, [1, 2, 3]), arrayLastIndex(x -> x > 1, [1, 2, 3]), arrayFirstOrNull(x -> x > 9, [1]);
SELECT arraySum([1, 2, 3]), arraySum(x -> x * x, [1, 2, 3]), arrayAvg([1, 2]), arrayMin([3, 1, 2]), arrayMax([3, 1]), arrayMin(x -> -x, [1, 2]), arrayProduct([2, 3]), arraySum([1.5, 2]);
SELECT arrayCumSum([1, 2, 3]), arrayCumSum(x -> x * 2, [1, 2]), arrayCumSumNonNegative([1, -5, 3]), arrayDifference([1, 4, 9]);
SELECT number, arrayMap(x -> x + number, [1, 2]) FROM numbers(3) ORDER BY number;
SELECT arrayMap(x -> arrayMap(y -> x * y, [1, 2]), [3, 4]), arrayMap((i, x) -> (i, x), arrayEnumerate(['a', 'b']), ['a', 'b']);
SELECT arrayMap((x, y) -> x, [1, 2], [1]);
SELECT arrayMap(x -> z, [1]);
