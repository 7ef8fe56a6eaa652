-- over: http
-- min() and max() of whole columns come from what is known of parts; nobody must notice. Small inserts, deleted rows, added columns.
CREATE TABLE ranges (d Date, i Int16, u UInt64, n Nullable(Int32), f Float64, e Enum8('a' = -3, 'b' = 7), t DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY d SETTINGS min_rows_for_wide_part = 0;
SELECT min(d), max(d), min(i), count() FROM ranges;
INSERT INTO ranges SELECT toDate('2020-01-01') + number % 100, number % 1000 - 500, 18446744073709551615 - number, if(number % 2 = 0, NULL, number), number / 8, if(number % 3 = 0, 'a', 'b'), toDateTime64('2020-01-01 00:00:00', 3, 'UTC') + number FROM numbers(100000);
SELECT min(d), max(d), min(i), max(i), min(u), max(u), count() FROM ranges;
SELECT min(d), max(d), min(i), max(i), min(u), max(u), count() FROM ranges SETTINGS optimize_use_implicit_projections = 0;
SELECT min(e), max(e), min(t), max(t), toTypeName(max(t)), toTypeName(min(i)) FROM ranges;
SELECT min(n), max(n), min(f), max(f), count(n) FROM ranges;
SELECT min(i) + 1 AS x, max(i) - min(i), max(d) > '2020-02-01' FROM ranges HAVING x < 0;
SELECT min(i + 1), max(-i), minIf(i, i > 0), max(d) FROM ranges WHERE d < '2020-01-05';
SELECT min(i), max(i) FROM ranges WHERE i = (SELECT max(i) FROM ranges);
SELECT min(a), max(a) FROM (SELECT i AS a FROM ranges);
INSERT INTO ranges VALUES ('1999-01-01', -32768, 5, 1, -1, 'a', '1999-01-01 00:00:00.125');
SELECT min(d), max(d), min(i), max(i), min(u), max(u), min(t), count() FROM ranges;
ALTER TABLE ranges ADD COLUMN z Int32 DEFAULT i * 2;
SELECT min(z), max(z) FROM ranges;
ALTER TABLE ranges DELETE WHERE i = -32768 OR i = 499 SETTINGS mutations_sync = 1;
SELECT min(d), max(d), min(i), max(i), min(u), count(), max(z) FROM ranges;
ALTER TABLE ranges MODIFY COLUMN i Int64;
SELECT min(i), max(i), toTypeName(max(i)) FROM ranges;
TRUNCATE TABLE ranges;
SELECT min(d), max(i), count() FROM ranges;
DROP TABLE ranges;
