-- over: http
-- The rarer functions of this family.
SELECT nowInBlock() >= now() - 5, changeDay(toDate('2024-01-01'), 5), makeDate(2024, 2, 30), makeDate(2024, 2, 29), makeDateTime(2024, 1, 2, 3, 4, 5, 'UTC'), makeDateTime64(2024, 1, 2, 3, 4, 5, 678, 3, 'UTC'), makeDate(2024, 60);
