-- over: http
-- dateDiff counts boundaries crossed, not whole units; age counts whole ones.
SELECT dateDiff('second', a, b), dateDiff('minute', a, b), dateDiff('hour', a, b), dateDiff('day', a, b), dateDiff('week', a, b), dateDiff('month', a, b), dateDiff('quarter', a, b), dateDiff('year', a, b) FROM (SELECT toDateTime('2023-12-31 23:59:59', 'UTC') AS a, toDateTime('2024-01-01 00:00:01', 'UTC') AS b);
SELECT dateDiff('day', toDate('2024-03-01'), toDate('2024-02-01')), date_diff('month', toDate('2024-01-31'), toDate('2024-02-01')), dateDiff(DAY, toDate('2024-01-01'), toDate('2024-01-11')), TIMESTAMPDIFF(YEAR, toDate('2000-01-01'), toDate('2024-01-01'));
SELECT age('year', toDate('2000-05-05'), toDate('2024-05-04')), age('month', toDate('2024-01-31'), toDate('2024-02-29')), age('day', toDateTime('2024-01-01 12:00:00', 'UTC'), toDateTime('2024-01-02 11:59:59', 'UTC'));
SELECT dateDiff('second', toDateTime64('2024-01-01 00:00:00.900', 3, 'UTC'), toDateTime64('2024-01-01 00:00:01.100', 3, 'UTC')), dateDiff('millisecond', toDateTime64('2024-01-01 00:00:00.900', 3, 'UTC'), toDateTime64('2024-01-01 00:00:01.100', 3, 'UTC'));
SELECT dateDiff('hour', toDateTime('2024-01-01 00:00:00', 'UTC'), toDate('2024-01-02')), dateDiff('day', toDate('2024-01-01'), toDateTime64('2024-01-03 12:00:00', 3, 'UTC'));
SELECT dateDiff('eon', toDate('2024-01-01'), toDate('2024-01-02'));
SELECT toTypeName(dateDiff('day', toDate('2024-01-01'), toDate('2024-01-02'))), dateDiff('week', toDate('2024-01-07'), toDate('2024-01-08')), dateDiff('week', toDate('2024-01-08'), toDate('2024-01-14'));
