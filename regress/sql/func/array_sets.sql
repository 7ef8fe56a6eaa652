-- over: http
-- Arrays as sets: types of the results, NULL, duplicates, many rows, long arrays.
SELECT arraySort(arrayUnion([1, 2], [2, 3])), toTypeName(arrayUnion([1], [300])), arraySort(arraySymmetricDifference([1, 2, 3], [2, 3, 4], [5])), arraySymmetricDifference([1, 2, NULL], [2, NULL]);
SELECT arrayIntersect([3, 1, 2, 3], [1, 3]), arrayIntersect(['b', 'a', 'c'], ['c', 'b']), arrayIntersect([NULL, 1], [NULL, 2]), arrayIntersect([1, 2], []), arrayIntersect([[1], [2]], [[1]]), arrayIntersect([1, 2], NULL);
SELECT toTypeName(arrayIntersect([1], [-1])), toTypeName(arrayIntersect([1, 300], [-1, NULL])), toTypeName(arrayIntersect([1.5, 2], [2])), toTypeName(arrayIntersect([1], [300])), toTypeName(arrayIntersect(['a'], ['b'::FixedString(1)]));
SELECT arrayExcept([1, 2, 3, 2, 1], [2]), arrayExcept([1, 2, NULL], [2]), arrayExcept([1, 2, NULL], [2, NULL]), arrayExcept(['a', 'b'], ['a']);
SELECT arrayExcept([1, 2, 300], [2]);
SELECT arrayJaccardIndex([1, 2], [2, 3]), arrayJaccardIndex(emptyArrayUInt8(), emptyArrayUInt8()), arrayJaccardIndex(['a'], ['a', 'b']);
SELECT arrayRemove([1, 2, 1], 1), arrayRemove([1, NULL], NULL), arrayRemove([1, 2], 300), arrayRemove(['a', 'b'], 'a');
SELECT arrayDistinct([1, 1, NULL]), toTypeName(arrayDistinct([1, 1, NULL])), arrayUniq([1, 1], [2, 3]), arrayEnumerateUniq([1, 1, 2, 1]), arrayEnumerateDense(['x', 'y', 'x']);
SELECT arrayEnumerateUniq([1, 1], [2]);
SELECT hasAny([1, 2], [2, NULL]), hasAny([1, NULL], [NULL]), hasAll([1, 2], []), hasAll(['a'], ['b']), hasSubstr([1, 2, 3], [2, 3]);
SELECT length(arrayDistinct(range(200000))), arrayUniq(arrayMap(x -> x % 1000, range(200000))), length(arrayIntersect(range(100000), range(50000, 150000)));
SELECT number, arrayIntersect(range(number), [1, 3]), arrayExcept(range(number), [1::UInt64]), hasAll(range(number), [0, 1]) FROM numbers(5) ORDER BY number;
