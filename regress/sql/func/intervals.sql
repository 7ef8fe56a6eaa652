-- over: http
-- Intervals as values, of every unit.
SELECT toIntervalSecond(5), toIntervalMinute(5), toIntervalHour(5), toIntervalDay(5), toIntervalWeek(5), toIntervalMonth(5), toIntervalQuarter(5), toIntervalYear(5);
SELECT toTypeName(toIntervalSecond(1)), toTypeName(toIntervalYear(1)), toTypeName(toIntervalNanosecond(1)), toTypeName(toIntervalMillisecond(1)), toTypeName(INTERVAL 1 MICROSECOND);
SELECT t + toIntervalSecond(1), t + toIntervalHour(-1), t + toIntervalYear(1), t - toIntervalMonth(1), t + toIntervalQuarter(1) FROM (SELECT toDateTime('2024-02-29 00:00:00', 'UTC') AS t);
SELECT toDateTime64('2024-01-01 00:00:00', 9, 'UTC') + toIntervalNanosecond(5), toDateTime64('2024-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(1500), toDateTime64('2024-01-01 00:00:00', 6, 'UTC') - toIntervalMicrosecond(1);
SELECT now() - INTERVAL 1 DAY < now(), today() + INTERVAL 1 WEEK = today() + 7, DATE_TRUNC('hour', toDateTime('2024-01-01 10:20:30', 'UTC'));
SELECT d + INTERVAL n MONTH FROM (SELECT toDate('2024-01-31') AS d, number AS n FROM numbers(4)) ORDER BY n;
SELECT INTERVAL 1 DAY = INTERVAL 1 DAY, toIntervalDay(number) FROM numbers(2);
