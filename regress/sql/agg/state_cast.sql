-- over: http
-- A state is that of its arguments' values: LowCardinality is another name of the same state, another function or type is not.
SELECT toTypeName(argMinState(toLowCardinality('a'), 1)), toTypeName(argMinState(toNullable('a'), 1));
SELECT toTypeName(CAST(argMinState('a', toUInt8(1)) AS AggregateFunction(argMin, LowCardinality(String), UInt8)));
SELECT CAST(argMinState('a', toUInt8(1)) AS AggregateFunction(argMax, String, UInt8));
SELECT CAST(sumState(toUInt8(1)) AS AggregateFunction(sum, Float64));
CREATE TABLE t (k UInt8, s AggregateFunction(argMin, LowCardinality(String), UInt8)) ENGINE = AggregatingMergeTree ORDER BY k;
INSERT INTO t SELECT number % 2, argMinState(toString(number), toUInt8(number)) FROM numbers(10) GROUP BY 1;
INSERT INTO t SELECT number % 2, argMinState(toLowCardinality(toString(number)), toUInt8(number)) FROM numbers(1, 10) GROUP BY 1;
SELECT k, argMinMerge(s), count() FROM t GROUP BY k ORDER BY k;
