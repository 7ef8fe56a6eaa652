-- over: http
-- Norms, distances, rankings and edit distances of arrays: types, unequal sizes, empty arrays, many rows.
SELECT L1Norm([3, -4]), L2Norm([3, 4]), L2SquaredNorm([3, 4]), LinfNorm([3, -4]), LpNorm([3, 4], 2), toTypeName(L2Norm([3::Float32, 4::Float32])), toTypeName(L1Norm([3]));
SELECT L1Distance([1, 2], [2, 4]), L2Distance([1, 1], [4, 5]), L2SquaredDistance([1, 2], [2, 4]), LinfDistance([1, 2], [2, 4]), LpDistance([1, 1], [4, 5], 2), cosineDistance([1, 0], [0, 1]);
SELECT L2Distance([1, 2], [1]);
SELECT dotProduct([1, 2], [3, 4]), toTypeName(arrayDotProduct([1, 2], [3, 4])), arrayDotProduct([1.5], [2]);
SELECT arrayROCAUC([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), arrayAUC([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], false), arrayAUCPR([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), arrayROCAUC([1], [1]), arrayAUCPR([1, 1], [0, 1]);
SELECT arrayNormalizedGini([0.9, 0.3, 0.8, 0.7], [6, 1, 0, 2]);
SELECT arrayLevenshteinDistance([1, 2], [1, 3]), arrayLevenshteinDistance(['a'], []), arrayLevenshteinDistanceWeighted(['A', 'B', 'C'], ['A', 'K', 'L'], [1.0, 2, 3], [3.0, 4, 5]), arraySimilarity(['A', 'B', 'C'], ['A', 'K', 'L'], [1.0, 2, 3], [3.0, 4, 5]);
SELECT number, L1Norm(range(number)), arrayLevenshteinDistance(range(number), [0, 5]) FROM numbers(4) ORDER BY number;
SELECT mapSort((k, v) -> v, map('a', 3, 'b', 1)), mapPartialReverseSort((k, v) -> v, 3, map('a', 3, 'b', 1, 'c', 2)), mapContains(map('a', 1), NULL);
SELECT tuple(untuple((1, 2)), 3), tuple(*) FROM (SELECT 1 AS a, 'x' AS b);
