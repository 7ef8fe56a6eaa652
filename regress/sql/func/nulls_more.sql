-- over: http
-- The rarer functions of this family.
SELECT isNull(NULL), isNotNull(NULL), isNull(1), isNotNull(1), isZeroOrNull(0), isZeroOrNull(NULL), isZeroOrNull(1);
