-- over: http
-- The rarer functions of this family.
SELECT formatDateTimeInJodaSyntax(toDateTime('2024-02-05 03:04:05', 'UTC'), 'yyyy-MM-dd HH:mm:ss'), fromUnixTimestamp(0, '%Y', 'UTC'), formatDateTimeInJodaSyntax(toDateTime('2024-02-05 03:04:05', 'UTC'), 'EEE MMM');
