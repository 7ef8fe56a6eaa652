-- over: http
-- What only window functions give, windows with names, QUALIFY, and windows over groups.
SELECT number, lag(number) OVER w, lead(number, 2) OVER w, lag(number, 1, 7) OVER w, leadInFrame(number) OVER w, nth_value(number, 2) OVER w FROM numbers(3) WINDOW w AS (ORDER BY number) ORDER BY number;
SELECT number, percent_rank() OVER w, cume_dist() OVER w, dense_rank() OVER w FROM numbers(6) WINDOW w AS (ORDER BY number % 3) ORDER BY number;
SELECT number, ntile(4) OVER (ORDER BY number) FROM numbers(6) ORDER BY number;
SELECT number, first_value(x) OVER w, first_value(x) RESPECT NULLS OVER w, last_value(x) OVER w FROM (SELECT number, if(number % 2 = 0, NULL, number) AS x FROM numbers(4)) WINDOW w AS (ORDER BY number) ORDER BY number;
SELECT number % 3 AS k, number, sum(number) OVER w, avg(number) OVER (w ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(10) WINDOW w AS (PARTITION BY number % 3 ORDER BY number) ORDER BY k, number;
SELECT number, sum(sum(number)) OVER (ORDER BY number) FROM numbers(4) GROUP BY number ORDER BY number;
SELECT number, row_number() OVER (ORDER BY number DESC) AS rn FROM numbers(6) QUALIFY rn <= 2 ORDER BY rn;
SELECT number FROM numbers(10) ORDER BY row_number() OVER (ORDER BY number DESC) LIMIT 3;
SELECT number, nonNegativeDerivative(number * 2, toDateTime(number)) OVER (ORDER BY number) FROM numbers(3) ORDER BY number;
SELECT number, sum(number) FILTER (WHERE number % 2 = 0) OVER (ORDER BY number) FROM numbers(5) ORDER BY number;
SELECT r FROM (SELECT row_number() OVER () AS r FROM numbers(20000)) ORDER BY r DESC LIMIT 1;
SELECT count(), sum(r) FROM (SELECT row_number() OVER (PARTITION BY number % 1000 ORDER BY number) AS r FROM numbers(30000));
SELECT sum(number) AS s FROM numbers(3) WHERE row_number() OVER () > 1;
SELECT sum(sum(number) OVER ()) OVER () FROM numbers(3);
SELECT row_number() OVER w FROM numbers(3);
SELECT ntile(0) OVER (ORDER BY number) FROM numbers(3);
SELECT foo() OVER () FROM numbers(2);
SELECT rank(number) OVER () FROM numbers(2);
SELECT row_number();
SELECT lag(number) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(2);
SELECT number, row_number() OVER (ORDER BY number) FROM numbers(0);
