-- over: http
-- Distinct counts: the exact one exactly, the approximate ones exactly while they are small.
SELECT uniq(number), uniqExact(number), uniqHLL12(number), uniqCombined(number), uniqCombined64(number) FROM numbers(100);
SELECT uniq(number % 10), uniqExact(number % 10), uniqHLL12(number % 10), uniqCombined(number % 10), uniqCombined(12)(number % 10) FROM numbers(1000);
SELECT uniq(toString(number)), uniqExact(toString(number)), uniqHLL12(toString(number)), uniqCombined(toString(number)) FROM numbers(50);
SELECT uniq(number, number % 3), uniqExact(number % 2, number % 3), uniq(x) FROM (SELECT number, arrayJoin([1, NULL]) AS x FROM numbers(10));
SELECT k, uniq(v) FROM (SELECT number % 3 AS k, number % 7 AS v FROM numbers(100)) GROUP BY k ORDER BY k;
SELECT uniqIf(number, number < 5), uniqExactIf(number % 4, number < 50), uniqArray([number, number + 1]) FROM numbers(20);
SELECT uniq(number), uniqHLL12(number), uniqCombined(number), uniqCombined64(number), uniqExact(number) FROM numbers(100000);
SELECT uniq(toString(number)), uniqHLL12(toString(number)), uniqCombined(toString(number)) FROM numbers(100000);
SELECT uniq(toDate('2024-01-01') + number % 30), uniqExact(toUUID(concat('00000000-0000-0000-0000-', leftPad(toString(number % 5), 12, '0')))), uniq([number % 3]), uniq((number % 2, 'a')) FROM numbers(100);
SELECT uniq(), count();
