-- over: http
-- Frames of window functions: rows and ranges, sliding ones over long partitions too, where states are merged.
SELECT number, sum(number) OVER (ORDER BY number RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(4) ORDER BY number;
SELECT number, sum(number) OVER (ORDER BY number DESC RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(4) ORDER BY number;
SELECT number, sum(number) OVER (ORDER BY number ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM numbers(5) ORDER BY number;
SELECT number, count() OVER (ORDER BY toDate('2020-01-01') + number RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(4) ORDER BY number;
SELECT count(), max(s) FROM (SELECT sum(number) OVER (PARTITION BY number % 10 ORDER BY number ROWS BETWEEN 1000 PRECEDING AND CURRENT ROW) AS s FROM numbers(50000));
SELECT sum(cityHash64(toString(g))) FROM (SELECT groupArray(number) OVER (ORDER BY number ROWS BETWEEN 100 PRECEDING AND 5 FOLLOWING) AS g FROM numbers(1000));
SELECT sum(q) FROM (SELECT quantileExact(number) OVER (PARTITION BY number % 7 ORDER BY number ROWS BETWEEN 90 PRECEDING AND 5 FOLLOWING) AS q FROM numbers(3000));
SELECT sum(number) OVER (ROWS BETWEEN -1 PRECEDING AND CURRENT ROW) FROM numbers(3);
SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM numbers(3);
