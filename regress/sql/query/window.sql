-- over: http
-- Window functions of the clickhouse dialect.
SELECT number, row_number() OVER (ORDER BY number), sum(number) OVER (ORDER BY number), lagInFrame(number) OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(4) ORDER BY number;
SELECT k, v, max(v) OVER (PARTITION BY k), rank() OVER (PARTITION BY k ORDER BY v) FROM (SELECT number % 2 AS k, number AS v FROM numbers(5)) ORDER BY k, v;
