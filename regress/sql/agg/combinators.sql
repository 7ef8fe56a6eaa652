-- over: http
-- -If, -Array, -OrNull, -OrDefault, -Distinct, -ForEach, -Map, in chains.
SELECT countIf(number > 2), sumIf(number, number % 2), avgIf(number, number > 7), minIf(number, number > 3), maxIf(number, number < 3) FROM numbers(10);
SELECT avgIf(number, 0), minIf(number, 0), sumIf(number, NULL), countIf(NULL), anyIf(number, 0), groupArrayIf(number, number > 8) FROM numbers(10);
SELECT sumArray([number, 1]), countArray([1, 2]), avgArray([number]), maxArray([number, 5]), uniqExactArray([number % 2, 7]), sumArrayIf([1, 2], number = 1) FROM numbers(3);
SELECT sumOrNull(number), sumOrDefault(number), maxOrNull(number), avgOrDefault(number), countOrNull() FROM numbers(0);
SELECT sumOrNull(number), maxOrNull(number), sumIfOrNull(number, 0), sumOrNullIf(number, 0), maxOrNullIf(number, number > 1) FROM numbers(3);
SELECT sumDistinct(number % 3), countDistinct(number % 4), avgDistinct(number % 2), groupArrayDistinct(number % 1) FROM numbers(12);
SELECT sumForEach([number, 1]), maxForEach([number, 2]), countForEach([1, 2]), avgForEach([number]) FROM numbers(4);
SELECT sumMap(map('a', number)), maxMap(map('a', number, 'b', 1)), minMap(map('a', number)), sumMapIf(map('a', 1), number > 1), sumMap([1, 2], [number, 1]) FROM numbers(3);
SELECT sumResample(0, 10, 5)(number, number), countResample(0, 4, 2)(number, number % 4) FROM numbers(10);
SELECT sumArgMin(number, number % 2), sumArgMax(number, number % 2) FROM numbers(4);
SELECT countIf(a), countIf(b) FROM (SELECT number % 2 = 0 AS a, number % 3 = 0 AS b FROM numbers(7));
SELECT sumNothing(1);
SELECT sumIf(number) FROM numbers(2);
