-- over: http
-- argMin and argMax where the key repeats, and min/max of text, dates and tuples, by group.
SELECT k, min(s), max(s), argMin(s, v), argMax(s, v) FROM (SELECT number % 3 AS k, concat('s', toString(number)) AS s, number * 7 % 10 AS v FROM numbers(9)) GROUP BY k ORDER BY k;
SELECT max(tuple(v, s)).2 FROM (SELECT number % 5 AS v, toString(number) AS s FROM numbers(10));
SELECT argMax(v, t), argMin(v, t) FROM (SELECT toString(number) AS v, toDateTime64('2024-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(number * 37 % 11) AS t FROM numbers(11));
SELECT minOrNull(number), maxOrDefault(number), anyOrNull(toString(number)) FROM numbers(0);
SELECT k, argMaxIf(v, t, v != 'x') FROM (SELECT arrayJoin([(1, 'x', 9), (1, 'y', 3), (2, 'x', 1)]) AS p, p.1 AS k, p.2 AS v, p.3 AS t) GROUP BY k ORDER BY k;
