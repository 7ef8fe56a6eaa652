-- over: http
-- LIMIT WITH TIES keeps its limit below an outer filter, limit and aggregation.
SELECT g FROM (SELECT intDiv(number, 3) AS g FROM numbers(9) ORDER BY g LIMIT 4 WITH TIES) LIMIT 100;
SELECT g FROM (SELECT intDiv(number, 3) AS g FROM numbers(9) ORDER BY g LIMIT 2 WITH TIES) WHERE g > 0;
SELECT count() FROM (SELECT intDiv(number, 3) AS g FROM numbers(9) ORDER BY g LIMIT 4 WITH TIES);
SELECT number % 10 AS k, count() AS c FROM numbers(25) GROUP BY k ORDER BY c DESC LIMIT 2 WITH TIES FORMAT Null;
SELECT count(), min(c) FROM (SELECT number % 10 AS k, count() AS c FROM numbers(25) GROUP BY k ORDER BY c DESC LIMIT 2 WITH TIES);
SELECT intDiv(number, 3) AS g FROM numbers(9) ORDER BY g LIMIT 2 OFFSET 2 WITH TIES;
SELECT number FROM numbers(3) LIMIT 2 WITH TIES;
