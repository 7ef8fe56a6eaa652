-- over: http
-- The rarer functions of this family.
SELECT substringIndex('www.a.com', '.', 1), substringIndex('www.a.com', '.', -1), substringIndex('www.a.com', '.', 2), substringIndex('x', '.', 1);
SELECT overlay('Hello world' , 'XX', 7, 5), overlay('abc', 'Z', 2);
