-- over: http
-- Rounding down to units of time.
SELECT toStartOfYear(t), toStartOfQuarter(t), toStartOfMonth(t), toMonday(t), toStartOfWeek(t), toStartOfWeek(t, 1), toStartOfISOYear(t) FROM (SELECT toDateTime('2024-08-15 13:47:31', 'UTC') AS t);
SELECT toStartOfDay(t), toStartOfHour(t), toStartOfMinute(t), toStartOfSecond(toDateTime64('2024-08-15 13:47:31.987', 3, 'UTC')), toStartOfFiveMinutes(t), toStartOfTenMinutes(t), toStartOfFifteenMinutes(t) FROM (SELECT toDateTime('2024-08-15 13:47:31', 'UTC') AS t);
SELECT toStartOfInterval(t, INTERVAL 1 YEAR), toStartOfInterval(t, INTERVAL 3 MONTH), toStartOfInterval(t, INTERVAL 1 WEEK), toStartOfInterval(t, INTERVAL 5 DAY), toStartOfInterval(t, INTERVAL 6 HOUR), toStartOfInterval(t, INTERVAL 15 MINUTE), toStartOfInterval(t, INTERVAL 20 SECOND) FROM (SELECT toDateTime('2024-08-15 13:47:31', 'UTC') AS t);
SELECT date_trunc('year', t), date_trunc('month', t), date_trunc('week', t), date_trunc('day', t), date_trunc('hour', t), dateTrunc('minute', t) FROM (SELECT toDateTime('2024-08-15 13:47:31', 'UTC') AS t);
SELECT toTypeName(toStartOfMonth(t)), toTypeName(toStartOfDay(t)), toTypeName(toStartOfHour(t)), toTypeName(toStartOfInterval(t, INTERVAL 1 DAY)), toTypeName(date_trunc('month', t)), toTypeName(date_trunc('hour', t)) FROM (SELECT toDateTime('2024-08-15 13:47:31', 'UTC') AS t);
SELECT toTypeName(toStartOfHour(toDateTime64('2024-08-15 13:47:31.987', 3, 'UTC'))), toStartOfHour(toDateTime64('2024-08-15 13:47:31.987', 3, 'UTC')), toStartOfDay(toDate('2024-08-15')), toStartOfMonth(toDate('2024-08-15')), toLastDayOfMonth(toDate('2024-02-10')), toLastDayOfWeek(toDate('2024-08-15'));
SELECT toStartOfInterval(toDateTime64('2024-08-15 13:47:31.987', 3, 'UTC'), INTERVAL 100 MILLISECOND), toStartOfInterval(toDate('2024-08-15'), INTERVAL 1 MONTH), toStartOfInterval(toDate('2024-08-15'), INTERVAL 2 WEEK);
SELECT date_trunc('nothing', toDate('2024-01-01'));
SELECT toStartOfHour(toDateTime('2024-01-01 00:00:00', 'UTC') + number * 1800) AS h, count() FROM numbers(6) GROUP BY h ORDER BY h;
