-- over: pg
-- Operators and their precedence.
SELECT 2 + 3 * 4, (2 + 3) * 4, -2 ^ 2, 2 ^ 3 ^ 2, 10 - 3 - 2, 7 / 2 * 2, 1 + 2 || 'x', NOT true OR true;
SELECT 'a' || 'b' = 'ab', 5 % 3 + 1, -5 % 3, 1 - -1, +5, 2 * -3, 3 > 2 AND 2 > 1;
SELECT 1 = ANY ('{1,2}'), 'b' > ALL ('{a,aa}'), 3 IS NOT NULL, true IS NOT FALSE, 1 NOTNULL, NULL ISNULL;
SELECT 'abc' LIKE 'A%' OR 'abc' ILIKE 'A%', 'x' IN ('x', 'y') = true, 5 BETWEEN 1 AND 3 + 3, NOT 1 IN (2);
SELECT 1::text || 2, (1 + 1)::text, '1' + 1, 1.5::int + 1, cast('5' as integer) * 2;
SELECT 1 ! 2;
