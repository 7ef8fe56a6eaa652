-- over: http
-- Wrong types and numbers of arguments.
SELECT 1 + 'a';
SELECT length(5);
SELECT upper(1);
SELECT toDate([1]);
SELECT substring('abc');
SELECT concat();
SELECT if(1, 2);
SELECT arrayMap(x -> x);
SELECT [1] + 1;
SELECT toStartOfHour('2024-01-01');
SELECT sum('a');
SELECT quantile(2)(number) FROM numbers(1);
SELECT 'a' < 1;
SELECT (1, 2) + 1;
SELECT map(1);
SELECT arrayElement(1, 1);
SELECT toInt32([1, 2]);
SELECT dateDiff('day', 1, 2);
SELECT count(1, 2);
SELECT JSONExtractString(5, 'a');
SELECT splitByChar(1, 'a');
SELECT range('a');
SELECT if(1, 'a', 1);
SELECT multiIf(1, 2);
SELECT -'a';
SELECT NOT 'a';
