-- over: http
-- Sorting arrays, stable with a key function.
SELECT arraySort([3, 1, 2]), arrayReverseSort([3, 1, 2]), arraySort(['b', 'a']), arraySort(x -> -x, [1, 3, 2]), arraySort((x, y) -> y, ['a', 'b', 'c'], [3, 1, 2]);
SELECT arraySort([NULL, 2, 1]), arrayReverseSort([NULL, 2, 1]), arraySort([2.5, nan, 1]), arraySort([]), arraySort([[2], [1, 5]]), arraySort([(2, 'a'), (1, 'b')]);
SELECT arrayReverseSort((x, y) -> y, [1, 2, 3], [1, 3, 2]), arraySort(x -> length(x), ['ccc', 'a', 'bb']), arraySort(x -> x % 2, [4, 3, 2, 1]);
SELECT arraySort(groupArray(n)) FROM (SELECT number % 3 AS n FROM numbers(6));
SELECT arrayStringConcat(arraySort(splitByChar(',', 'c,a,b')), ',');
