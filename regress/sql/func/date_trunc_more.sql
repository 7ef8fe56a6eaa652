-- over: http
-- The rarer functions of this family.
SELECT timeSlot(toDateTime('2024-08-15 13:47:31', 'UTC')), toRelativeDayNum(toDate('1970-01-10')), toRelativeHourNum(toDateTime('1970-01-02 00:00:00', 'UTC')), toRelativeMonthNum(toDate('2024-01-01')), toStartOfHour(toDateTime('1970-01-01 00:59:59', 'UTC'));
