-- over: http
-- The rarer functions of this family.
SELECT timeDiff(toDateTime('2024-01-01 00:00:00', 'UTC'), toDateTime('2024-01-01 01:00:00', 'UTC')), toDaysSinceYearZero(toDate('2024-01-01')), fromDaysSinceYearZero(739251);
