-- over: http
-- The rarer functions of this family.
SELECT tuplePlus((1, 2), (3, 4)), tupleMinus((5, 5), (1, 2)), tupleMultiply((1, 2), (3, 4)), dotProduct((1, 2), (3, 4)), tupleHammingDistance((1, 2), (1, 3)), tupleConcat((1, 2), tuple('a')), tupleNegate((1, -2)), L2Norm((3, 4)), cosineDistance((1, 0), (0, 1));
SELECT tupleToNameValuePairs(CAST((1, 2) AS Tuple(a Int8, b Int8))), tupleNames(CAST((1, 2) AS Tuple(a Int8, b Int8))), flattenTuple(CAST(((1, 2), 3) AS Tuple(t Tuple(a Int8, b Int8), c Int8)));
