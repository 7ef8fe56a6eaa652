-- over: http
-- Maps: construction, access, keys and values, higher-order functions; a missing key gives the default.
SELECT map('a', 1, 'b', 2) AS m, m['a'], m['z'], mapKeys(m), mapValues(m), mapContains(m, 'a'), mapContains(m, 'q'), length(m);
SELECT map(), toTypeName(map('a', 1)), toTypeName(map('a', NULL)), map('a', [1, 2])['a'][2], map(1, 'x')[1], empty(map()), notEmpty(map('a', 1));
SELECT mapFromArrays(['a', 'b'], [1, 2]), CAST((['x', 'y'], [1, 2]), 'Map(String, UInt8)'), CAST([('k', 1)] AS Map(String, Int32)), CAST('{''a'':1}' AS Map(String, Int8));
SELECT mapFilter((k, v) -> v > 1, map('a', 1, 'b', 2)), mapApply((k, v) -> (k, v * 10), map('a', 1)), mapFilter((k, v) -> k LIKE 'a%', map('ab', 1, 'b', 2)), mapExists((k, v) -> v = 2, map('a', 2)), mapAll((k, v) -> v > 5, map('a', 2));
SELECT mapConcat(map('a', 1), map('b', 2)), mapUpdate(map('a', 1, 'b', 2), map('b', 3)), mapAdd(map('a', 1), map('a', 2, 'b', 1)), mapSubtract(map('a', 3), map('a', 1));
SELECT mapSort(map('c', 1, 'a', 2)), mapReverseSort(map('a', 1, 'c', 2)), mapContainsKey(map('a', 1), 'a'), mapContainsKeyLike(map('abc', 1), 'a%'), mapExtractKeyLike(map('abc', 1, 'x', 2), 'a%');
SELECT m['k'], count() FROM (SELECT map('k', toString(number % 2)) AS m FROM numbers(5)) GROUP BY m['k'] ORDER BY 1;
SELECT arrayJoin(mapKeys(map('x', 1, 'y', 2))) AS k ORDER BY k;
SELECT map('a', 1, 'b');
SELECT map('a', 1)[1];
SELECT sumMap(m), minMap(m), maxMap(m) FROM (SELECT map('a', number, 'b', number * 2) AS m FROM numbers(4));
