-- over: http
-- Time zones: one instant, several clocks; daylight saving time on both edges.
SELECT toDateTime('2024-01-01 12:00:00', 'Europe/Berlin') AS t, toTypeName(t), toUnixTimestamp(t), toTimeZone(t, 'UTC'), toTimezone(t, 'Asia/Tokyo'), timezoneOf(t), timeZoneOffset(t);
SELECT toDateTime('2024-03-31 01:59:59', 'Europe/Berlin') + 1, toDateTime('2024-10-27 02:30:00', 'Europe/Berlin') + 3600, toDateTime('2024-03-30 12:00:00', 'Europe/Berlin') + INTERVAL 1 DAY, dateDiff('hour', toDateTime('2024-03-30 12:00:00', 'Europe/Berlin'), toDateTime('2024-03-31 12:00:00', 'Europe/Berlin'));
SELECT toDate(toDateTime('2024-01-01 23:30:00', 'UTC'), 'Europe/Berlin'), toHour(toDateTime('2024-01-01 23:30:00', 'UTC'), 'Asia/Kolkata'), toStartOfDay(toDateTime('2024-01-01 23:30:00', 'UTC'), 'Asia/Tokyo'), toStartOfHour(toDateTime('2024-01-01 00:15:00', 'UTC'), 'Asia/Kolkata'), toYYYYMM(toDateTime('2024-01-31 23:30:00', 'UTC'), 'Asia/Tokyo');
SELECT toDateTime('2024-01-01 00:00:00', 'UTC') = toDateTime('2024-01-01 01:00:00', 'Europe/Berlin'), toTypeName(toStartOfHour(toDateTime('2024-01-01 00:00:00', 'Europe/Berlin'))), toDateTime('1990-07-01 00:00:00', 'Europe/Moscow'), toDateTime64('1920-01-01 00:00:00', 3, 'Europe/Paris');
SELECT toDateTime('2024-01-01 00:00:00', 'No/Where');
SELECT toStartOfInterval(toDateTime('2024-03-31 12:00:00', 'Europe/Berlin'), INTERVAL 1 DAY), toStartOfInterval(toDateTime('2024-03-31 12:00:00', 'America/New_York'), INTERVAL 6 HOUR), toMonday(toDateTime('2024-01-01 01:00:00', 'UTC'), 'America/New_York');
SELECT count() > 100 FROM system.time_zones;
SELECT toUnixTimestamp('2024-01-01 00:00:00', 'Europe/Berlin'), toUnixTimestamp(toDate('1970-01-02')), toDateTime('2024-06-15 12:00:00', 'Pacific/Auckland')::DateTime('UTC'), toDateTime('2024-06-15 12:00:00', 'Etc/GMT+5');
