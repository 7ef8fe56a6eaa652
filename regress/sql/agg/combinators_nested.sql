-- over: http
-- Combinators in combinations that applications use.
SELECT anyLastIf(number, number < 3), argMinIf(number, -number, number < 5), argMaxIf(toString(number), number, number < 5), anyOrNullIf(number, number > 100), anyOrNull(number) FROM numbers(10);
SELECT arraySort(groupUniqArrayArrayIf([number, number + 1], number < 2)), uniqCombinedArray([number, 1]), countArrayIf([1, 2], number > 0), maxArrayIf([number], number < 2) FROM numbers(4);
SELECT finalizeAggregation(quantilesMergeState(0.5, 0.9)(q)), quantilesMergeIf(0.5)(p, k = 1) FROM (SELECT number % 2 AS k, quantilesState(0.5, 0.9)(number) AS q, quantilesState(0.5)(number) AS p FROM numbers(20) GROUP BY k);
SELECT sumMapIf(map(toString(number % 2), 1), number > 3), avgOrNullIf(number, 0), avgOrDefaultIf(number, 0), sumOrDefaultIf(number, number > 8) FROM numbers(10);
SELECT argMinMerge(s), argMaxMerge(x) FROM (SELECT argMinState(toString(number), number) AS s, argMaxState(number, toString(number)) AS x FROM numbers(12) GROUP BY number % 3);
SELECT finalizeAggregation(CAST(unhex('0A'), 'AggregateFunction(count)')), toTypeName(sumStateIf(1, 1)), toTypeName(initializeAggregation('sumState', 1));
