-- over: http
-- AggregatingMergeTree: states and simple aggregates meet in merges and under FINAL.
CREATE TABLE t (k UInt32, c SimpleAggregateFunction(sum, UInt64), mx SimpleAggregateFunction(max, String), an SimpleAggregateFunction(anyLast, Nullable(Int32)), ga SimpleAggregateFunction(groupArrayArray, Array(UInt8)), u AggregateFunction(uniq, String), a AggregateFunction(avg, Float64)) ENGINE = AggregatingMergeTree ORDER BY k;
INSERT INTO t SELECT 1, 5, 'm', 1, [1], uniqState('x'), avgState(toFloat64(1));
INSERT INTO t SELECT 1, 7, 'b', NULL, [2], uniqState('y'), avgState(toFloat64(2));
INSERT INTO t SELECT 2, 1, 'z', 9, [], uniqState(toString(number)), avgState(toFloat64(number)) FROM numbers(10);
SELECT k, c, mx, an, ga, finalizeAggregation(u), finalizeAggregation(a) FROM t FINAL ORDER BY k;
SELECT k, sum(c), max(mx), uniqMerge(u), avgMerge(a) FROM t GROUP BY k ORDER BY k;
OPTIMIZE TABLE t FINAL;
SELECT k, c, mx, an, ga, uniqMerge(u) FROM t GROUP BY ALL ORDER BY k;
SELECT toTypeName(c), toTypeName(u) FROM t LIMIT 1;
INSERT INTO t (k, c) VALUES (3, 4);
SELECT k, c, mx, uniqMerge(u), avgMerge(a) FROM t WHERE k = 3 GROUP BY ALL;
CREATE TABLE bad (k UInt32, a AggregateFunction(nosuch, UInt8)) ENGINE = AggregatingMergeTree ORDER BY k;
CREATE TABLE bad (k UInt32, a SimpleAggregateFunction(avg, Float64)) ENGINE = AggregatingMergeTree ORDER BY k;
INSERT INTO t (k, u) SELECT 4, sumState(1);
CREATE TABLE h (k UInt32, m AggregateFunction(argMin, LowCardinality(String), DateTime64(3, 'UTC'))) ENGINE = AggregatingMergeTree ORDER BY k;
INSERT INTO h SELECT 1, argMinState(toLowCardinality('late'), toDateTime64('2024-01-02 00:00:00', 3, 'UTC'));
INSERT INTO h SELECT 1, argMinState(toLowCardinality('early'), toDateTime64('2024-01-01 00:00:00', 3, 'UTC'));
SELECT k, argMinMerge(m) FROM h GROUP BY k;
