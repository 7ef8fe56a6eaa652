-- over: http
-- Weeks and years at their edges.
SELECT d, toISOWeek(d), toISOYear(d), toMonday(d), toDayOfWeek(d), toWeek(d), toWeek(d, 3), toYearWeek(d), toYearWeek(d, 1) FROM (SELECT toDate('2020-12-27') + number AS d FROM numbers(9)) ORDER BY d;
SELECT d, toStartOfWeek(d), toStartOfWeek(d, 1), toStartOfISOYear(d), toDayOfYear(d) FROM (SELECT toDate('2023-12-30') + number AS d FROM numbers(4)) ORDER BY d;
SELECT toDayOfWeek(toDate('2024-01-07')), toDayOfWeek(toDate('2024-01-07'), 1), toDayOfWeek(toDate('2024-01-07'), 2);
