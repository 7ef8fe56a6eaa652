-- over: both
-- Plain SQL means the same over both ports.
SELECT 1 + 1, 'text', 2 * 3.5, NULL;
SELECT 1 < 2 AND 2 < 3, 1 = 2 OR NOT false, 5 BETWEEN 1 AND 9, 3 IN (1, 2, 3);
SELECT CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END, coalesce(NULL, 'x'), nullif(1, 1);
SELECT upper('abc'), lower('ABC'), length('abc'), concat('a', 'b'), substring('hello', 2, 3), replace('aXa', 'X', 'b');
SELECT abs(-5), floor(2.7), ceil(2.1), sqrt(16.0), greatest(1, 5, 3), least(4, 2, 8), mod(7, 3), sign(-3);
SELECT position('l' IN 'hello'), trim('  x '), left('hello', 2), right('hello', 2), repeat('ab', 2), reverse('abc');
