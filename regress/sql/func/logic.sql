-- over: http
-- Three-valued logic and short circuits; AND binds tighter than OR, NOT tighter than AND.
SELECT 1 AND 1, 1 AND 0, 0 OR 1, 0 OR 0, NOT 1, NOT 0, xor(1, 1), xor(1, 0);
SELECT 1 OR 0 AND 0, (1 OR 0) AND 0, NOT 0 AND 0, NOT (0 AND 0);
SELECT and(1, 1, 1), and(1, 0, 1), or(0, 0, 1), not(1), and(5, 3), or(0, 7);
SELECT toTypeName(1 AND 1), toTypeName(NULL AND 1), toTypeName(true AND false), toTypeName(not(1));
SELECT true, false, true AND false, true OR false, NOT true, true = 1, toTypeName(true);
SELECT a, b, a AND b, a OR b FROM (SELECT arrayJoin([NULL, 0, 1]) AS a) AS x, (SELECT arrayJoin([NULL, 0, 1]) AS b) AS y ORDER BY a NULLS FIRST, b NULLS FIRST;
SELECT number FROM numbers(10) WHERE number > 2 AND number < 8 AND NOT number = 5 ORDER BY number;
SELECT count() FROM numbers(100) WHERE number % 2 = 0 OR number % 3 = 0;
SELECT 'a' AND 1;
