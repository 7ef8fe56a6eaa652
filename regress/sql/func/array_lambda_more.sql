-- over: http
-- The rarer functions of this family.
SELECT arrayFold((acc, x) -> acc + x, [1, 2, 3], toInt64(0)), arrayFold((acc, x) -> concat(acc, x), ['a', 'b'], ''), arrayReduce('sum', [1, 2, 3]), arrayReduce('uniqExact', [1, 1, 2]), arrayReduceInRanges('sum', [(1, 2), (2, 2)], [1, 2, 3]);
SELECT arrayFill(x -> x > 0, [1, 0, 0, 2]), arrayReverseFill(x -> x > 0, [0, 1, 0, 2]), arraySplit(x -> x = 2, [1, 2, 3, 2]), arrayReverseSplit(x -> x = 2, [1, 2, 3]), arrayPartialSort(2, [5, 1, 4, 2]) AS p;
