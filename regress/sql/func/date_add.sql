-- over: http
-- Adding intervals: months clamp to the month's last day.
SELECT toDate('2024-01-31') + INTERVAL 1 MONTH, toDate('2023-01-31') + INTERVAL 1 MONTH, toDate('2024-02-29') + INTERVAL 1 YEAR, toDate('2024-03-31') - INTERVAL 1 MONTH, toDate('2024-01-01') + INTERVAL 2 WEEK, toDate('2024-01-01') + INTERVAL 1 QUARTER;
SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + INTERVAL 90 MINUTE, toDateTime('2024-01-01 00:00:00', 'UTC') - INTERVAL 1 SECOND, toDate('2024-01-01') + INTERVAL 36 HOUR;
SELECT addYears(d, 1), addMonths(d, 1), addWeeks(d, 1), addDays(d, 1), subtractYears(d, 1), subtractMonths(d, 1), subtractWeeks(d, 1), subtractDays(d, 1), addQuarters(d, 1) FROM (SELECT toDate('2024-05-31') AS d);
SELECT addHours(t, 25), addMinutes(t, -1), addSeconds(t, 3600), subtractHours(t, 1), subtractMinutes(t, 1), subtractSeconds(t, 1) FROM (SELECT toDateTime('2024-05-31 00:00:00', 'UTC') AS t);
SELECT date_add(DAY, 3, toDate('2024-01-01')), date_sub(MONTH, 1, toDate('2024-03-31')), DATE_ADD(toDate('2024-01-01'), INTERVAL 3 DAY), timestamp_add(toDateTime('2024-01-01 00:00:00', 'UTC'), INTERVAL 3 MONTH), dateAdd(HOUR, 1, toDateTime('2024-01-01 00:00:00', 'UTC'));
SELECT INTERVAL 5 DAY, toIntervalDay(3), toTypeName(INTERVAL 5 DAY), toTypeName(toIntervalMonth(1)), INTERVAL '2' HOUR, toDate('2024-01-01') + toIntervalWeek(number) FROM numbers(2);
SELECT toDate('2024-01-10') - toIntervalDay(number) AS d FROM numbers(3) ORDER BY d;
SELECT toDateTime64('2024-01-01 00:00:00.500', 3, 'UTC') + INTERVAL 1 MONTH, toDateTime64('2024-01-01 00:00:00.500', 3, 'UTC') + INTERVAL 500 MILLISECOND, toTypeName(toDate('2024-01-01') + INTERVAL 1 HOUR), toTypeName(toDate('2024-01-01') + INTERVAL 1 DAY);
SELECT toDate('2024-01-01') + INTERVAL '1 month 2 days';
SELECT addInterval(INTERVAL 1 DAY, INTERVAL 1 MONTH), toDate('2024-01-01') + (INTERVAL 1 DAY + INTERVAL 1 MONTH);
