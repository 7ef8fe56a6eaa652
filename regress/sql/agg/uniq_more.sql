-- over: http
-- The rarer functions of this family.
SELECT uniqUpTo(3)(number), uniqUpTo(100)(number % 50) FROM numbers(100);
