-- over: http
-- Arithmetic of tuples, norms and distances, their types; wrong sizes.
SELECT -(1, 2), (1, 2) * 3, 3 * (1, 2), (4, 2) / 2, (1, 2) % 2, (7, 8) DIV 2, (1, 2) + (3, 4), (5, 5) - (1, 2);
SELECT tupleIntDiv((15, 10), (2, 3)), tupleIntDivOrZero((5, 1), (0, 1)), tupleModulo((15, 10), (4, 3)), tuplePositiveModuloByNumber((-15, 10), 4), toTypeName(tupleNegate((1, -2)));
SELECT L1Norm((3, -4)), L2Norm((3, 4)), L2SquaredNorm((3, 4)), LinfNorm((3, -4)), LpNorm((3, 4), 3), toTypeName(L1Norm((3, -4))), toTypeName(L2SquaredNorm((3, 4)));
SELECT L1Distance((1, 2), (2, 4)), L2Distance((1, 2), (2, 4)), LinfDistance((1, 2), (2, 4)), LpDistance((1, 2), (2, 4), 3), cosineDistance((1, 0), (0, 1)), dotProduct((1.5, 2), (3, 4));
SELECT L1Normalize((3, 1)), L2Normalize((3, 4)), LinfNormalize((3, 4));
SELECT dotProduct((1, 2, 3), (1, 2));
SELECT tupleConcat((1, 2), (3, 4), tuple(5)), tupleHammingDistance((1, 'a'), (1, 'b')), tupleNames((1, 2)), tupleToNameValuePairs((1, 2));
SELECT tupleToNameValuePairs((1, 'a'));
SELECT flattenTuple(((1, 2), 3));
SELECT tupleElement((1, 'a'), 3, 'z'), tupleElement((1, 'a'), 'q', NULL), tupleElement((1, 'a'), 2, 'z'), tupleElement((1, 'a'), -1);
SELECT tupleElement((1, 'a'), 3);
SELECT tuplePlus((number, 1), (number, toNullable(2))), L2SquaredDistance((number, 0), (0, number)) FROM numbers(3);
