-- over: http hand
-- A date that does not exist is an error here, and NULL for OrNull; ClickHouse reads it as 1970-01-01, silently.
SELECT toDate('2024-13-01');
SELECT toDate('2024-02-30');
SELECT toDateOrNull('2024-99-99'), toDateOrZero('2024-99-99');
SELECT CAST('2024-04-31' AS Date32);
