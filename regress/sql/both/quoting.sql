-- over: both
-- Quoted names, comments, numbers.
SELECT 1 AS "Mixed Case", 2 AS "select";
SELECT /* comment */ 1 -- more
;
SELECT 'it''s', '', 'multi
line';
SELECT 1e3, 1.50, -0.5, 1000000;
SELECT 'a' AS "a""b";
