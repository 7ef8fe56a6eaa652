-- over: http
-- Operators in function form parse as ordinary functions.
SELECT and(1, 1), or(0, 1), not(1), in(1, tuple(1, 2)), notIn(3, tuple(1, 2)), equals(1, 1), notEquals(1, 1);
SELECT less(1, 2), greater(1, 2), lessOrEquals(1, 1), greaterOrEquals(0, 1), plus(1, 2), minus(1, 2), multiply(2, 3), divide(6, 4), modulo(7, 4), negate(5);
SELECT like('ab', 'a%'), ilike('AB', 'a%'), notLike('ab', 'b%'), notILike('AB', 'b%'), tuple(1, 2), array(1, 2), arrayElement([5, 6], 2), tupleElement((7, 8), 1), if(1, 2, 3), isNull(NULL);
SELECT ifNull(equals(NULL, 1), 0), greater(plus(1, multiply(2, 3)), 6), and(or(1, 0), not(0));
SELECT toIntervalDay(1), toDate('2024-01-01') + toIntervalDay(2), minus(toDate('2024-01-05'), toIntervalDay(2));
