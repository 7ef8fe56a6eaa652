-- over: http
-- Columns that ORDER BY … LIMIT does not need are read for the rows that are left; the answers are those of reading them
-- with the rest. Rows of several parts and granules, equal rows, computed columns, limits of no and of all rows.
CREATE TABLE late (k UInt32, t DateTime('UTC'), s String, n Nullable(Int32), l LowCardinality(String), a Array(UInt8),
    m Map(String, UInt8), i Int32 ALIAS k + 1) ENGINE = MergeTree ORDER BY k
    SETTINGS index_granularity = 100, min_bytes_for_wide_part = 0;
INSERT INTO late SELECT number, toDateTime('2026-01-01 00:00:00', 'UTC') + (number * 7919) % 10007, concat('s', toString(number)),
    if(number % 3 = 0, NULL, number), toString(number % 5), range(number % 4), map('a', number % 7) FROM numbers(5000);
INSERT INTO late SELECT number + 5000, toDateTime('2026-01-01 00:00:00', 'UTC') + (number * 7919) % 10007 + 3, '', number, '',
    [], map() FROM numbers(3000);
SELECT * FROM late ORDER BY t, k LIMIT 5;
SELECT * FROM late ORDER BY t DESC, k LIMIT 5;
SELECT * FROM late WHERE s LIKE '%77%' ORDER BY t, k LIMIT 7;
SELECT k, s, l, n FROM late WHERE s != '' ORDER BY t DESC, k LIMIT 3 OFFSET 4;
SELECT s FROM late WHERE k % 1000 = 1 ORDER BY n DESC, k LIMIT 4;
SELECT concat(s, '!'), k FROM late ORDER BY t, k LIMIT 3;
SELECT s, i FROM late ORDER BY k DESC LIMIT 3;
SELECT s FROM late WHERE k > 100000 ORDER BY t LIMIT 3;
SELECT s FROM late ORDER BY t, k LIMIT 0;
SELECT k, s, a, m FROM late ORDER BY l DESC, k LIMIT 6;
SELECT count(), sum(k), sum(length(s)) FROM (SELECT k, s FROM late ORDER BY t, k LIMIT 7000);
SELECT k, s FROM (SELECT * FROM late ORDER BY t, k LIMIT 10) ORDER BY k LIMIT 2;
-- the same with and without
SELECT count() FROM (SELECT * FROM (SELECT * EXCEPT (i) FROM late ORDER BY t, k LIMIT 999) EXCEPT
    SELECT * FROM (SELECT * EXCEPT (i) FROM late ORDER BY t, k LIMIT 999)) SETTINGS query_plan_optimize_lazy_materialization = 0;
SELECT s FROM late WHERE n > 4000 ORDER BY t, k LIMIT 2 SETTINGS query_plan_optimize_lazy_materialization = 0;
SELECT s FROM late WHERE n > 4000 ORDER BY t, k LIMIT 2 SETTINGS query_plan_max_limit_for_lazy_materialization = 1;
SELECT s FROM late WHERE n > 4000 ORDER BY t, k LIMIT 2 SETTINGS use_top_k_dynamic_filtering = 0;
SELECT s FROM late WHERE n > 4000 ORDER BY t, k LIMIT 2;
ALTER TABLE late ADD COLUMN z String DEFAULT concat('z', s), ADD COLUMN y UInt8;
SELECT z, y FROM late ORDER BY t, k LIMIT 2;
DROP TABLE late;
-- numbers of each kind, both ways
CREATE TABLE bounds (i8 Int8, i16 Int16, i64 Int64, u8 UInt8, u64 UInt64, d Date, e Enum8('x' = -3, 'y' = 5), s String)
    ENGINE = MergeTree ORDER BY tuple();
INSERT INTO bounds SELECT number * 37, number * 7919, (number - 5000) * 1000000007 * 9, number * 11, number * 1844674407370955,
    toDate('2026-01-01') + (number * 31) % 977, if(number % 2 = 0, 'x', 'y'), toString(number) FROM numbers(10000);
SELECT i8, s FROM bounds ORDER BY i8, i64 LIMIT 2;
SELECT i8, s FROM bounds ORDER BY i8 DESC, i64 LIMIT 2;
SELECT i16, s FROM bounds ORDER BY i16, i64 LIMIT 2;
SELECT i16, s FROM bounds ORDER BY i16 DESC, i64 LIMIT 2;
SELECT i64, s FROM bounds ORDER BY i64 LIMIT 2;
SELECT i64, s FROM bounds ORDER BY i64 DESC LIMIT 2;
SELECT u8, s FROM bounds ORDER BY u8 DESC, i64 DESC LIMIT 2;
SELECT u64, s FROM bounds ORDER BY u64 LIMIT 2;
SELECT u64, s FROM bounds ORDER BY u64 DESC LIMIT 2;
SELECT d, s FROM bounds ORDER BY d, i64 LIMIT 2;
SELECT d, s FROM bounds ORDER BY d DESC, i64 LIMIT 2;
SELECT e, s FROM bounds ORDER BY e, i64 LIMIT 2;
SELECT e, s FROM bounds ORDER BY e DESC, i64 LIMIT 2;
SELECT i8, s FROM bounds ORDER BY i8, i64 LIMIT 2 WITH TIES;
DROP TABLE bounds;
