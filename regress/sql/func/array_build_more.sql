-- over: http
-- The rarer functions of this family.
SELECT arrayIntersect([1, 2, 3], [2, 3, 4]), arraySort(arrayUnion([1, 2], [2, 3])), arraySort(arraySymmetricDifference([1, 2], [2, 3])), arrayExcept([1, 2, 3], [2]);
SELECT arrayRotateLeft([1, 2, 3], 1), arrayRotateRight([1, 2, 3], 1), arrayShiftLeft([1, 2, 3], 1), arrayShiftRight([1, 2, 3], 1, 9), arrayShingles([1, 2, 3], 2), arrayRemove([1, 2, 1], 1);
SELECT arrayAUC([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), arrayJaccardIndex([1, 2], [2, 3]), arrayLevenshteinDistance([1, 2], [1, 3]), arrayNormalizedGini([0.9, 0.3], [6, 1]);
