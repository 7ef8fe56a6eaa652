-- over: http
-- LIMIT and OFFSET in their spellings, LIMIT BY, WITH TIES.
SELECT number FROM numbers(10) ORDER BY number LIMIT 3;
SELECT number FROM numbers(10) ORDER BY number LIMIT 2, 3;
SELECT number FROM numbers(10) ORDER BY number LIMIT 3 OFFSET 7;
SELECT number FROM numbers(10) ORDER BY number OFFSET 8;
SELECT number FROM numbers(10) ORDER BY number OFFSET 2 ROWS FETCH FIRST 2 ROWS ONLY;
SELECT number FROM numbers(10) ORDER BY number LIMIT 0;
SELECT number FROM numbers(10) ORDER BY number LIMIT 5 OFFSET 100;
SELECT number % 3 AS k, number FROM numbers(9) ORDER BY k, number LIMIT 2 BY k;
SELECT number % 3 AS k, number FROM numbers(9) ORDER BY k, number LIMIT 1 OFFSET 1 BY k;
SELECT number % 3 AS k, number FROM numbers(9) ORDER BY number DESC LIMIT 1 BY k LIMIT 2;
SELECT intDiv(number, 3) AS g FROM numbers(9) ORDER BY g LIMIT 4 WITH TIES;
SELECT number FROM numbers(10) ORDER BY number LIMIT 1 + 1;
SELECT count() FROM (SELECT number FROM numbers(100) LIMIT 7);
SELECT number FROM numbers(5) LIMIT 'a';
SELECT k, v FROM (SELECT number % 2 AS k, number AS v FROM numbers(6)) ORDER BY k, v DESC LIMIT 1 BY k;
