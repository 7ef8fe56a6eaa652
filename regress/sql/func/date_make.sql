-- over: http
-- Times from numbers and texts by a format: fields out of range, defaults, NULL, zones.
SELECT makeDate(2024, 2, 30), makeDate(2024, 13, 1), makeDate(2024, 60), makeDate(2024, 366), makeDate(2024.7, 1.2, 3.9), makeDate32(2299, 365), makeDate(1969, 1, 1), makeDate(2150, 1, 1);
SELECT makeDateTime(2024, 2, 30, 24, 60, 60), makeDateTime(2106, 5, 5, 0, 0, 0), makeDateTime(2024, 1, 1, 100, 0, 0), makeDateTime64(2024, 1, 2, 3, 4, 5, 12345, 3), makeDateTime64(1899, 1, 1, 0, 0, 0), makeDateTime64(2300, 1, 1, 0, 0, 0);
SELECT YYYYMMDDToDate(20230231), YYYYMMDDToDate32(19230911), YYYYMMDDhhmmssToDateTime(20230911131415), YYYYMMDDhhmmssToDateTime64(20230911131415, 6);
SELECT changeYear(toDate('2024-02-29'), 2023), changeMonth(toDate('2024-01-31'), 2), changeDay(toDate('2024-01-01'), 32), changeHour(toDate('2024-02-29'), 3), changeHour(toDate32('2024-02-29'), 3), changeYear(toDateTime('2024-01-01 00:00:00'), 2200);
SELECT changeYear(d, 2000 + number), toTypeName(changeYear(d, 2000)) FROM (SELECT toNullable(toDate('2024-02-29')) AS d, number FROM numbers(3)) ORDER BY number;
SELECT fromModifiedJulianDay(58849), fromModifiedJulianDayOrNull(99999999999), toModifiedJulianDay('2020-01-01'), toModifiedJulianDayOrNull('x');
SELECT toModifiedJulianDay('x');
SELECT timeSlots(toDateTime('2012-01-01 12:20:00', 'UTC'), toUInt32(600)), timeSlots(toDateTime64('1980-12-12 21:01:02.1234', 4, 'UTC'), toDecimal64(600.1, 1), toDecimal64(299, 0));
SELECT timeSlots(toDateTime('2024-01-01 12:20:00', 'UTC'), toUInt32(600), 0);
SELECT parseDateTime('12:34', '%H:%i', 'UTC'), parseDateTime('Jan', '%b', 'UTC'), parseDateTime('january 05 2020', '%M %d %Y', 'UTC'), parseDateTime('366 2024', '%j %Y', 'UTC'), parseDateTime('11:12 PM', '%I:%i %p', 'UTC'), parseDateTime('2024-W05-3', '%G-W%V-%u', 'UTC');
SELECT parseDateTime('2024-01-02 +0330', '%F %z', 'Asia/Tokyo'), parseDateTime64('2024-01-01 12.5', '%F %s.%f', 'UTC'), parseDateTimeOrNull('2024-02-30', '%F'), parseDateTimeOrZero('x', '%Y', 'UTC');
SELECT parseDateTime('2024-02-30', '%Y-%m-%d');
SELECT parseDateTime('2024', '%q');
SELECT parseDateTimeInJodaSyntax('2/Jan/2024 3:04:05 PM', 'd/MMM/yyyy h:mm:ss a', 'UTC'), parseDateTimeInJodaSyntax('2024-05', 'xxxx-ww', 'UTC'), parseDateTime64InJodaSyntax('2024 10.25', 'yyyy ss.SSS', 'UTC'), parseDateTimeInJodaSyntax('2024-01-02 Asia/Tokyo', 'yyyy-MM-dd z', 'UTC');
SELECT addInterval((INTERVAL 1 DAY, INTERVAL 1 YEAR), INTERVAL 1 MONTH), subtractInterval(INTERVAL 1 DAY, INTERVAL 1 MONTH), addTupleOfIntervals(toDate('2018-01-01'), (INTERVAL 1 DAY, INTERVAL 1 MONTH)), INTERVAL 1 DAY - INTERVAL 1 MONTH, toInterval(5, 'day');
SELECT addDate(toDate('2024-01-01'), 5);
SELECT toDaysInMonth(toDate('2024-02-01')), toMonthNumSinceEpoch(toDate('2024-02-01')), toYearNumSinceEpoch(toDate('2024-02-01')), toMicrosecond(toDateTime64('2024-01-01 01:02:03.456789', 6)), toStartOfMillisecond(toDateTime64('2024-01-01 01:02:03.456789', 6, 'UTC'));
SELECT toTime('12:34:56'), toTime64('12:34:56.789', 3), toTimeOrNull('x'), toDateTime32('2024-01-01 00:00:00', 'UTC'), fromDaysSinceYearZero32(739136);
