-- over: http
-- Column codecs: chains accepted, values unchanged, nonsense refused.
CREATE TABLE t (a UInt64 CODEC(Delta, LZ4), b DateTime CODEC(DoubleDelta, ZSTD(3)), c Float64 CODEC(Gorilla, LZ4HC(9)), d String CODEC(ZSTD(1)), e UInt32 CODEC(T64, LZ4), f Int16 CODEC(NONE), g UInt8 DEFAULT 5 CODEC(LZ4), h Float32 CODEC(Gorilla), i Int64 CODEC(Delta(8), ZSTD)) ENGINE = MergeTree ORDER BY a;
INSERT INTO t SELECT number * 10, toDateTime(1700000000) + number * 60, number / 3, toString(number % 100), number % 1000, number % 30000 - 15000, number % 255, number / 7, -number * number FROM numbers(20000);
SELECT count(), sum(a), sum(toUnixTimestamp(b)), round(sum(c), 3), uniqExact(d), sum(e), sum(f), sum(g), round(sum(h), 1), sum(i) FROM t;
SELECT * FROM t WHERE a = 123450;
OPTIMIZE TABLE t FINAL;
SELECT count(), sum(a), uniqExact(d), sum(i) FROM t;
SELECT name, compression_codec FROM system.columns WHERE database = currentDatabase() AND table = 't' ORDER BY position;
CREATE TABLE bad (a UInt8 CODEC(Nonsense)) ENGINE = Memory;
CREATE TABLE bad (a String CODEC(Delta)) ENGINE = MergeTree ORDER BY a;
ALTER TABLE t MODIFY COLUMN d String CODEC(ZSTD(3));
INSERT INTO t (a, d) VALUES (1, 'new');
SELECT d FROM t WHERE a = 1;
