-- over: http
-- Date and DateTime: text forms, parts, arithmetic with days and seconds.
SELECT toDate('2024-02-29'), toDateTime('2024-02-29 12:34:56', 'UTC'), toDate(19000), toDateTime(1700000000, 'UTC'), toDate32('1925-01-01'), toDate('1970-01-01'), toDate('2149-06-06');
SELECT toYear(d), toMonth(d), toDayOfMonth(d), toDayOfWeek(d), toDayOfYear(d), toQuarter(d), toISOWeek(d), toISOYear(d), toWeek(d), toYearWeek(d) FROM (SELECT toDate('2024-12-30') AS d);
SELECT toHour(t), toMinute(t), toSecond(t), toUnixTimestamp(t), toYYYYMM(t), toYYYYMMDD(t), toYYYYMMDDhhmmss(t) FROM (SELECT toDateTime('2024-02-29 12:34:56', 'UTC') AS t);
SELECT YEAR(toDate('2024-05-06')), MONTH(toDate('2024-05-06')), DAY(toDate('2024-05-06')), QUARTER(toDate('2024-05-06')), EXTRACT(YEAR FROM toDate('2024-05-06')), EXTRACT(DAY FROM toDate('2024-05-06')), EXTRACT(HOUR FROM toDateTime('2024-05-06 07:08:09', 'UTC'));
SELECT toDate('2024-01-31') + 1, toDate('2024-03-01') - 1, toDate('2024-03-01') - toDate('2024-02-01'), toDateTime('2024-01-01 00:00:00', 'UTC') + 60, toDateTime('2024-01-01 00:01:00', 'UTC') - toDateTime('2024-01-01 00:00:00', 'UTC');
SELECT toTypeName(toDate('2024-01-01') + 1), toTypeName(toDate('2024-01-02') - toDate('2024-01-01')), toTypeName(now()), toTypeName(today()), toTypeName(toDateTime('2024-01-01 00:00:00', 'UTC')), toTypeName(now64(3));
SELECT toDate('garbage');
SELECT toDateTime('2024-01-01', 'UTC'), toDateTimeOrZero('x', 'UTC'), toDateTimeOrNull('2024-01-01 00:00:00', 'UTC');
SELECT today() = toDate(now()), yesterday() = today() - 1, now() >= toDateTime(today()), timezone() IN ('UTC', 'Etc/UTC');
SELECT d FROM (SELECT toDate('2024-01-01') + number AS d FROM numbers(3)) ORDER BY d DESC;
SELECT toDate(toDateTime('2024-01-01 23:59:59', 'UTC')), toDate('2024-01-01 10:00:00'), toDateTime(toDate('2024-05-05'), 'UTC'), CAST('2024-01-01' AS Date), '2024-01-01'::Date, DATE '2024-01-01', TIMESTAMP '2024-01-01 01:02:03';
