-- over: http
-- -State, -Merge, -MergeState, finalizeAggregation; states travel through tables.
SELECT sumMerge(s), avgMerge(a), uniqMerge(u), countMerge(c) FROM (SELECT sumState(number) AS s, avgState(number) AS a, uniqState(number) AS u, countState() AS c FROM numbers(10) GROUP BY number % 3);
SELECT finalizeAggregation(sumState(number)), finalizeAggregation(quantileState(0.5)(number)), toTypeName(sumState(number)), toTypeName(quantileState(0.5)(number)), toTypeName(argMaxState(toString(number), number)) FROM numbers(5);
SELECT k, finalizeAggregation(maxState(v)) FROM (SELECT number % 2 AS k, number AS v FROM numbers(4)) GROUP BY k ORDER BY k;
CREATE TABLE st (k UInt8, s AggregateFunction(sum, UInt64), u AggregateFunction(uniqExact, String), m AggregateFunction(argMax, String, UInt64), q AggregateFunction(quantiles(0.5, 0.9), Float64)) ENGINE = AggregatingMergeTree ORDER BY k;
INSERT INTO st SELECT number % 2, sumState(number), uniqExactState(toString(number % 5)), argMaxState(toString(number), number), quantilesState(0.5, 0.9)(toFloat64(number)) FROM numbers(10) GROUP BY number % 2;
INSERT INTO st SELECT number % 2, sumState(number), uniqExactState(toString(number % 7)), argMaxState(toString(number), number), quantilesState(0.5, 0.9)(toFloat64(number)) FROM numbers(100, 10) GROUP BY number % 2;
SELECT k, sumMerge(s), uniqExactMerge(u), argMaxMerge(m), quantilesMerge(0.5, 0.9)(q) FROM st GROUP BY k ORDER BY k;
SELECT k, finalizeAggregation(s), finalizeAggregation(m) FROM st FINAL ORDER BY k;
OPTIMIZE TABLE st FINAL;
SELECT count() FROM st;
SELECT sumMerge(s), finalizeAggregation(sumMergeState(s)) FROM st;
SELECT hex(sumState(number)), hex(countState()), hex(avgState(number)), hex(maxState(number)) FROM numbers(3);
SELECT hex(uniqExactState(toUInt64(1))), hex(anyState('a')), hex(argMinState('x', toUInt8(1))), hex(groupArrayState(toUInt8(7))), hex(sumMapState(map('a', 1)));
SELECT sumMerge(uniqState(number)) FROM numbers(2);
SELECT sumMergeIf(s, k = 0) FROM (SELECT number % 2 AS k, sumState(number) AS s FROM numbers(4) GROUP BY k);
SELECT sumSimpleState(number), toTypeName(sumSimpleState(number)) FROM numbers(4);
