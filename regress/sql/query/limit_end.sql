-- over: http
-- LIMIT and OFFSET counted from the end, and as shares of all rows; ties; LIMIT BY from the end.
SELECT number FROM numbers(10) LIMIT -3;
SELECT number FROM numbers(10) LIMIT -3 OFFSET -2;
SELECT number FROM numbers(10) LIMIT 3 OFFSET -4;
SELECT number FROM numbers(10) LIMIT -3 OFFSET 2;
SELECT number FROM numbers(10) OFFSET -4;
SELECT number FROM numbers(10) LIMIT -100;
SELECT number FROM numbers(10) LIMIT -3 OFFSET -100;
SELECT number FROM numbers(10) LIMIT 0.25;
SELECT number FROM numbers(10) LIMIT 0.5 OFFSET 0.2;
SELECT number FROM numbers(10) LIMIT 3 OFFSET 0.5;
SELECT number FROM numbers(10) LIMIT 0.5 OFFSET 3;
SELECT number FROM numbers(11) LIMIT 0.5;
SELECT number FROM numbers(10) LIMIT 1.5;
SELECT number FROM numbers(10) LIMIT -2, 0.5;
SELECT number FROM numbers(11) ORDER BY number % 3, number LIMIT 0.3 WITH TIES;
SELECT number % 3 AS k FROM numbers(11) ORDER BY k LIMIT -2 WITH TIES;
SELECT number FROM numbers(11) ORDER BY number % 3, number LIMIT -1 BY number % 3;
SELECT number FROM numbers(11) ORDER BY number % 3, number LIMIT 1 OFFSET -2 BY number % 3;
SELECT number FROM numbers(11) ORDER BY number % 3, number LIMIT 0.5 BY number % 3;
SELECT number FROM numbers(3) LIMIT 18446744073709551615;
SELECT count(), min(number) FROM (SELECT number FROM numbers(100000) ORDER BY number LIMIT -70000);
