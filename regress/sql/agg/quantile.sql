-- over: http
-- Quantiles of every kind over known numbers.
SELECT quantile(number), median(number), quantile(0.9)(number), quantiles(0.1, 0.5, 0.9)(number) FROM numbers(101);
SELECT quantileExact(0.5)(number), quantileExact(0.9)(number), quantilesExact(0, 0.5, 1)(number), medianExact(number), quantileExactLow(0.5)(number), quantileExactHigh(0.5)(number) FROM numbers(10);
SELECT k, quantile(0.5)(v), quantileExact(0.95)(v) FROM (SELECT number % 2 AS k, number AS v FROM numbers(100)) GROUP BY k ORDER BY k;
SELECT quantileIf(0.5)(number, number > 50), quantileExactIf(0.5)(number, number < 10) FROM numbers(101);
SELECT quantile(0.5)(x), quantileExact(0.5)(x) FROM (SELECT 1.0 AS x WHERE 0);
SELECT toTypeName(quantile(0.5)(number)), toTypeName(quantileExact(0.5)(number)), toTypeName(quantiles(0.5)(toFloat32(number))) FROM numbers(2);
SELECT quantileExact(0.5)(d), quantile(0.5)(d) FROM (SELECT toDate('2024-01-01') + number AS d FROM numbers(11));
SELECT quantileExact(0.5)(x), quantile(0.25)(x) FROM (SELECT arrayJoin([NULL, 1, 2, 3, NULL]) AS x);
