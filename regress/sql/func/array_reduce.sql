-- over: http
-- Aggregates and folds over elements: rows of different lengths, captured columns, NULL, states.
SELECT arrayReduce('sum', [1, 2, 3]), arrayReduce('quantile(0.5)', [1, 2, 3]), arrayReduce('maxIf', [1, 2, 3], [1, 1, 0]), arrayReduce('max', [1, NULL]), arrayReduce('sum', emptyArrayUInt8());
SELECT arrayReduce('groupArray', range(number)), arrayReduce('count', range(number)) FROM numbers(4);
SELECT arrayReduceInRanges('sum', [(1, 2), (2, 2), (-1, 1), (0, 2)], [1, 2, 3]), arrayReduceInRanges('groupArray', [(1, 5), (3, 1)], [1, 2]);
SELECT arrayReduce('nosuch', [1]);
SELECT arrayReduce(materialize('sum'), [1]);
SELECT arrayReduce('sum', 1);
SELECT finalizeAggregation(arrayReduce('sumState', [1, 2])), finalizeAggregation(NULL);
SELECT arrayFold((acc, x) -> acc + x + number, range(number)::Array(Int64), number::Int64) FROM numbers(10);
SELECT arrayFold((acc, x) -> concat(acc, toString(x)), range(5 - number), toString(number)) FROM numbers(5);
SELECT arrayFold((acc, x) -> (acc.1 + x, acc.2 + 1), [1, 2, 3], (toInt64(0), toUInt64(0))), arrayFold((acc, x, y) -> acc + x * y, [1, 2, 3], [4, 5, 6], toInt64(0));
SELECT arrayFold((acc, x) -> acc + x, [1, 2, 3], 0);
SELECT arrayFold((acc, x, y) -> acc + x + y, [1, 2]::Array(Int64), [1]::Array(Int64), 1::Int64);
SELECT arrayFold((acc, x) -> acc + x, emptyArrayInt64(), toInt64(5)) FROM numbers(0);
SELECT length(arrayFold((acc, x) -> arrayPushBack(acc, x), range(number % 7 * 100), emptyArrayUInt64())) AS l, count() FROM numbers(1000) GROUP BY l ORDER BY l;
SELECT arrayMap(x -> x + number, [1, 2]) AS l, count() FROM numbers(3) GROUP BY l ORDER BY l;
SELECT uniqExact(x) > 1 FROM (SELECT arrayMap(x -> rand(), [1])[1] AS x FROM numbers(100));
SELECT arrayPartialSort(4, [5, 1, 4, 2]), arrayPartialReverseSort(4, [5, 1, 4, 2]), arrayPartialSort(x -> -x, 4, [5, 1, 4, 2]), arrayPartialSort(2, NULL);
