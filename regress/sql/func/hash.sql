-- over: http
-- Hash functions reach disk and other systems, so their values are fixed.
SELECT cityHash64('hello'), cityHash64(''), cityHash64(1), cityHash64('a', 'b'), cityHash64(1, 'x', 2.5), cityHash64(toDate('2024-01-01'));
SELECT cityHash64(toUInt8(1)), cityHash64(toUInt64(1)), cityHash64([1, 2, 3]), cityHash64((1, 'a')), cityHash64(NULL), cityHash64(toNullable(1));
SELECT cityHash64(s) % 4 AS b, count() FROM (SELECT toString(number) AS s FROM numbers(1000)) GROUP BY b ORDER BY b;
SELECT cityHash64(repeat('a', number)) FROM numbers(60, 10) ORDER BY number;
