-- over: http
-- Unix timestamps in and out.
SELECT toUnixTimestamp(toDateTime('2024-01-01 00:00:00', 'UTC')), toUnixTimestamp('2024-01-01 00:00:00', 'UTC'), fromUnixTimestamp(1704067200) = toDateTime('2024-01-01 00:00:00', 'UTC'), toUInt32(toDateTime('2024-01-01 00:00:00', 'UTC'));
SELECT toDateTime(1704067200.7, 'UTC'), toDateTime(0, 'UTC'), toDateTime(4294967295, 'UTC'), toDate(1704067200);
SELECT fromUnixTimestamp64Milli(toInt64(-1), 'UTC'), fromUnixTimestamp64Milli(toInt64(0), 'UTC'), toUnixTimestamp64Milli(toDateTime64('1969-12-31 23:59:59.999', 3, 'UTC')), toTypeName(fromUnixTimestamp64Milli(1, 'UTC')), toTypeName(toUnixTimestamp64Milli(now64(3)));
SELECT toUnixTimestamp(toDate('2024-01-01')), toInt64(toDateTime64('2024-01-01 00:00:00.999', 3, 'UTC')), toUnixTimestamp64Milli(toDateTime64('2024-01-01 00:00:00.123456', 6, 'UTC'));
SELECT intDiv(toUnixTimestamp(t), 3600) * 3600 = toUnixTimestamp(toStartOfHour(t)) FROM (SELECT toDateTime(1700000000 + number * 777, 'UTC') AS t FROM numbers(5));
