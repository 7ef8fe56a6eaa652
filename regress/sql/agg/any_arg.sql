-- over: http
-- any, anyLast, argMin, argMax, first_value, last_value.
SELECT any(number), anyLast(number), any_value(number) FROM numbers(5);
SELECT argMin(number, -number), argMax(number, -number), argMin('x', number), argMax(toString(number), number) FROM numbers(5);
SELECT k, argMin(v, t), argMax(v, t) FROM (SELECT number % 2 AS k, concat('v', toString(number)) AS v, number AS t FROM numbers(6)) GROUP BY k ORDER BY k;
SELECT argMax(x, y) FROM (SELECT arrayJoin([(NULL, 3), (1, 2)]) AS t, t.1 AS x, t.2 AS y);
SELECT any(x), anyLast(x), any(toNullable(x)) FROM (SELECT arrayJoin([NULL, 1, 2, NULL]) AS x);
SELECT first_value(number), last_value(number), anyHeavy(number % 2) FROM numbers(5);
SELECT argMax(number, (number % 3, number)), argMin(number, (number % 3, number)) FROM numbers(10);
SELECT toTypeName(argMax(toUInt8(1), 2)), toTypeName(any(toNullable('a'))), argMaxIf(number, number, number < 3), anyIf(number, number > 3) FROM numbers(6);
SELECT argMin(tuple(number, 'a'), number), argMax([number], number), argMax(map('k', number), number) FROM numbers(3);
SELECT min(d), max(d), argMax(d, number) FROM (SELECT number, toDate('2024-01-01') + number AS d FROM numbers(3));
