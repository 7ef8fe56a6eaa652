-- over: http
-- Arrays of other types: dates, decimals, strings, tuples, nullables.
SELECT arrayMax([toDate('2024-01-02'), toDate('2024-01-01')]), arrayMin(['b', 'a']), arraySum([toDecimal32(1.5, 1), toDecimal32(2.5, 1)]), arrayAvg([1, 2, 4]);
SELECT arraySort([toNullable(2), NULL, 1]), has([NULL, 1], NULL), indexOf([NULL, 1], NULL), arrayCount(x -> x IS NULL, [1, NULL, NULL]);
SELECT arrayMap(x -> x.1, [(1, 'a'), (2, 'b')]), arrayFilter(x -> x.2 = 'b', [(1, 'a'), (2, 'b')]), arraySort(x -> x.2, [(1, 'b'), (2, 'a')]);
SELECT arrayExists((x, y) -> x = y, [1, 2], [2, 2]), arrayAll(x -> x LIKE 'a%', ['ab', 'ac']), arrayFirstIndex(x -> x = 'z', ['a']), arrayLastIndex(x -> x > 0, [1, 2, 0]);
SELECT arrayDifference([toDecimal32(1.5, 1), toDecimal32(4, 1)]), arrayCumSum([0.5, 0.25]), arrayReverse(['x', 'y']), arrayDistinct([toDate('2024-01-01'), toDate('2024-01-01')]);
