-- over: http
-- Variance, deviation, correlation.
SELECT varPop(x), varSamp(x), stddevPop(x), stddevSamp(x), var_pop(x), stddev_samp(x) FROM (SELECT arrayJoin([2, 4, 4, 4, 5, 5, 7, 9]) AS x);
SELECT round(covarPop(x, y), 6), round(covarSamp(x, y), 6), round(corr(x, y), 6) FROM (SELECT number AS x, number * 2 + number % 3 AS y FROM numbers(10));
SELECT varSamp(number), stddevPop(number) FROM numbers(1);
SELECT varPop(x) FROM (SELECT 1 AS x WHERE 0);
SELECT k, round(stddevPop(v), 4), round(varSamp(v), 4) FROM (SELECT number % 2 AS k, number AS v FROM numbers(9)) GROUP BY k ORDER BY k;
