-- over: http
-- The rarer functions of this family.
SELECT toDecimal32('1.23', 2), toDecimal64('-1.5', 4), toDecimal128('12345678901234567890.123', 3), toDecimal256('1.5', 10);
SELECT divideDecimal(toDecimal32('10', 1), toDecimal32('3', 1), 5), multiplyDecimal(toDecimal32('1.5', 1), toDecimal32('1.5', 1));
