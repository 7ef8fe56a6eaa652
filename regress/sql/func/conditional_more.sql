-- over: http
-- The rarer functions of this family.
SELECT number, if(number = 3, throwIf(number = 100), 0) FROM numbers(4) ORDER BY number;
SELECT transform(number, [1, 2], ['one', 'two'], 'other') FROM numbers(4);
SELECT transform(2, [1, 2, 3], [10, 20, 30], 0), transform('b', ['a', 'b'], ['x', 'y'], 'z'), transform(5, [1, 2], [3, 4]);
