-- over: http
-- The rarer functions of this family.
SELECT round(skewPop(x), 6), round(kurtPop(x), 6), round(skewSamp(x), 6), round(kurtSamp(x), 6), entropy(x), avgWeighted(x, x) FROM (SELECT arrayJoin([1, 2, 2, 5]) AS x);
SELECT simpleLinearRegression(number, number * 2 + 1), sumKahan(0.1), sumWithOverflow(toUInt8(200)), deltaSum(number), deltaSumTimestamp(number, number), boundingRatio(number, number * 3), rankCorr(number, number * number) FROM numbers(5);
SELECT topK(2)(number % 3 + intDiv(number, 8) * 5), topKWeighted(2)(number, number), histogram(2)(number), approx_top_k(2)(number % 2) FROM numbers(8);
