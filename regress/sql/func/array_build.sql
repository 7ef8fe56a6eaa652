-- over: http
-- Functions that make arrays out of arrays.
SELECT range(5), range(2, 5), range(0, 10, 3), range(5, 0, -2), range(0);
SELECT arrayConcat([1, 2], [3], []), arrayConcat(['a'], ['b']), arrayPushBack([1], 2), arrayPushFront([1], 0), arrayPopBack([1, 2]), arrayPopFront([1, 2]);
SELECT arraySlice([1, 2, 3, 4, 5], 2, 3), arraySlice([1, 2, 3], -2), arraySlice([1, 2, 3], 2, -1), arraySlice([1, 2, 3], 10), arraySlice([1, 2, 3], 1, 100);
SELECT arrayReverse([1, 2, 3]), reverse([1, 2]), arrayResize([1], 3), arrayResize([1, 2, 3], 2), arrayResize([1], 3, 9), arrayResize([1, 2, 3], -2);
SELECT arrayDistinct([1, 2, 1, 3]), arrayUniq([1, 2, 1]), arrayCompact([1, 1, 2, 2, 1]), arrayEnumerate([10, 20]), arrayEnumerateUniq([10, 20, 10]), arrayEnumerateDense([10, 20, 10]);
SELECT arrayFlatten([[1], [2, 3]]), flatten([[[1]], [[2], [3]]]), arrayZip([1, 2], ['a', 'b']), arrayWithConstant(3, 'x'), arrayZipUnaligned([1], ['a', 'b']);
SELECT arrayConcat([1], [NULL]), arrayConcat([1], [2.5]), arrayDistinct([NULL, 1, NULL]), arrayDistinct(['b', 'a', 'b']);
SELECT emptyArrayString(), emptyArrayDate(), emptyArrayToSingle(emptyArrayInt32()), emptyArrayUInt8();
SELECT arrayZip([1, 2], [1]);
