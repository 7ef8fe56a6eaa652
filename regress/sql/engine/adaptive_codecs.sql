-- over: http hand
-- Columns without a codec of their own are written block by block with the better of two chains: every value is the same
-- after it, merged or not, and the part is smaller. A declared codec stays what it is. Several blocks make one part, whose
-- columns are taken from the blocks in sort order: NULLs, arrays and LowCardinality too.
CREATE TABLE on_ (k UInt64, t DateTime64(3, 'UTC'), s String, n Nullable(UInt32), a Array(UInt16), l LowCardinality(String), d Decimal(18, 4), i Int64, c UInt64 CODEC(NONE)) ENGINE = MergeTree ORDER BY (k, s) PARTITION BY k % 2 SETTINGS min_bytes_for_wide_part = 0;
CREATE TABLE off AS on_ ENGINE = MergeTree ORDER BY (k, s) PARTITION BY k % 2 SETTINGS min_bytes_for_wide_part = 0, adaptive_codecs = 0;
INSERT INTO on_ SELECT cityHash64(number) % 1000, toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number, repeat('x', number % 40), if(number % 7 = 0, NULL, number), range(number % 5), toString(number % 90), number / 3, -toInt64(number), number FROM numbers(300000);
INSERT INTO off SELECT cityHash64(number) % 1000, toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number, repeat('x', number % 40), if(number % 7 = 0, NULL, number), range(number % 5), toString(number % 90), number / 3, -toInt64(number), number FROM numbers(300000);
SELECT count(), sum(cityHash64(k, t, s, ifNull(n, 7), a, l, d, i, c)) = (SELECT sum(cityHash64(k, t, s, ifNull(n, 7), a, l, d, i, c)) FROM off), countIf(n IS NULL), sum(length(a)), uniqExact(l) FROM on_;
SELECT count() FROM (SELECT k, s FROM on_ EXCEPT SELECT k, s FROM off);
OPTIMIZE TABLE on_ FINAL;
OPTIMIZE TABLE off FINAL;
SELECT count(), sum(cityHash64(k, t, s, ifNull(n, 7), a, l, d, i, c)) = (SELECT sum(cityHash64(k, t, s, ifNull(n, 7), a, l, d, i, c)) FROM off), countIf(n IS NULL), sum(length(a)), uniqExact(l) FROM on_;
SELECT (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase() AND table = 'on_') < 0.9 * (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase() AND table = 'off');
SELECT * FROM on_ WHERE k = 7 ORDER BY c LIMIT 2;
