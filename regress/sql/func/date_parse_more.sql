-- over: http
-- The rarer functions of this family.
SELECT parseDateTime('2024-01-02 03:04:05', '%Y-%m-%d %H:%i:%s', 'UTC'), parseDateTime('02/Jan/2024', '%d/%b/%Y', 'UTC'), parseDateTimeOrNull('x', '%Y', 'UTC'), parseDateTimeInJodaSyntax('2024-01-02', 'yyyy-MM-dd', 'UTC'), parseDateTime32BestEffort('2024-01-02 03:04:05', 'UTC');
SELECT timeSlots(toDateTime('2024-01-01 12:20:00', 'UTC'), toUInt32(600), 300);
SELECT fromModifiedJulianDay(58849), toModifiedJulianDay('2020-01-01'), dateName('month', toDate('2024-05-05')), monthName(toDate('2024-05-05'));
SELECT toUTCTimestamp(toDateTime('2024-01-01 00:00:00', 'UTC'), 'Europe/Berlin'), fromUTCTimestamp(toDateTime64('2024-01-01 00:00:00', 3), 'Europe/Berlin');
