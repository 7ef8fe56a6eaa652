-- over: http
-- The rarer functions of this family.
SELECT arrayFold((acc, x) -> acc + x, [1, 2, 3], toInt64(0)), arrayFold((acc, x) -> concat(acc, x), ['a', 'b'], ''), arrayReduce('sum', [1, 2, 3]), arrayReduce('uniqExact', [1, 1, 2]), arrayReduceInRanges('sum', [(1, 2), (2, 2)], [1, 2, 3]);
SELECT arrayFill(x -> x > 0, [1, 0, 0, 2]), arrayReverseFill(x -> x > 0, [0, 1, 0, 2]), arraySplit(x -> x = 2, [1, 2, 3, 2]), arrayReverseSplit(x -> x = 2, [1, 2, 3]), arrayPartialSort(2, [5, 1, 4, 2]) AS p;
SELECT arrayMap((x, y) -> x + y, [(1, 2), (3, 4)]), arraySum((x, y) -> x * y, [(1, 2)]), arraySort((x, y) -> y, [(1, 2), (3, 1)]);
SELECT arrayMap((x, y) -> arrayMap((z, w) -> z + x * y * w + number, [(1, 2)]), [(3, 4)]) FROM numbers(2);
SELECT arrayFilter((k, v) -> v > number, [('a', 1), ('b', 2)]) FROM numbers(3);
SELECT arrayMap((x, y, z) -> x, [(1, 2)]);
SELECT mapFilter(x -> x.1 > 'a', map('a', 1, 'b', 2)), mapApply(x -> (x.1, x.2 + 1), map('a', 1)), mapExists(x -> x.2 = 1, map('a', 1)), mapSort(x -> x.2, map('a', 2, 'b', 1));
SELECT arraySum(mapValues(mapFilter(x -> positionCaseInsensitive(x.1, 'input') > 0, map('input_x', 2, 'output', 3))));
