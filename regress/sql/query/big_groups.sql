-- over: http
-- Many groups, wide keys, many aggregates.
SELECT count(), sum(c), max(s) FROM (SELECT number % 50000 AS k, count() AS c, sum(number) AS s FROM numbers(200000) GROUP BY k);
SELECT count(), sum(c) FROM (SELECT toString(number % 20000) AS k, number % 3 AS j, count() AS c FROM numbers(100000) GROUP BY k, j);
SELECT k, s FROM (SELECT number % 100000 AS k, sum(number) AS s FROM numbers(300000) GROUP BY k) ORDER BY s DESC, k LIMIT 3;
SELECT count() FROM (SELECT concat(toString(number), repeat('x', number % 50)) AS k FROM numbers(50000) GROUP BY k);
SELECT count(), min(m), max(m) FROM (SELECT toDate(number % 1000) AS d, toUUID(concat('00000000-0000-0000-0000-0000000', leftPad(toString(number % 77), 5, '0'))) AS u, max(number) AS m FROM numbers(100000) GROUP BY d, u);
SELECT uniqExact(k), sum(u) FROM (SELECT number % 100 AS k, uniqExact(number) AS u FROM numbers(100000) GROUP BY k);
