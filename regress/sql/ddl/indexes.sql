-- over: http
-- Skip indexes never change an answer.
CREATE TABLE t (k UInt32, s String, v UInt32, a Array(String), INDEX i1 v TYPE minmax GRANULARITY 1, INDEX i2 s TYPE set(100) GRANULARITY 2, INDEX i3 s TYPE bloom_filter(0.01) GRANULARITY 1, INDEX i4 s TYPE tokenbf_v1(512, 2, 0) GRANULARITY 1, INDEX i5 s TYPE ngrambf_v1(3, 512, 2, 0) GRANULARITY 1, INDEX i6 a TYPE bloom_filter GRANULARITY 1) ENGINE = MergeTree ORDER BY k SETTINGS index_granularity = 256;
INSERT INTO t SELECT number, concat('word', toString(intDiv(number, 100)), ' tail', toString(number % 3)), intDiv(number, 10), [toString(intDiv(number, 500))] FROM numbers(10000);
SELECT count() FROM t WHERE v = 777;
SELECT count() FROM t WHERE v > 990;
SELECT count() FROM t WHERE s = 'word5 tail1';
SELECT count() FROM t WHERE s LIKE '%word77 %';
SELECT count() FROM t WHERE hasToken(s, 'word42');
SELECT count() FROM t WHERE s IN ('word1 tail0', 'word99 tail2');
SELECT count() FROM t WHERE has(a, '7');
SELECT count() FROM t WHERE s != 'word5 tail1' AND v < 3;
SELECT count() FROM t WHERE s = 'none';
ALTER TABLE t ADD INDEX i7 k * 2 TYPE minmax GRANULARITY 4;
ALTER TABLE t MATERIALIZE INDEX i7 SETTINGS mutations_sync = 2;
SELECT count() FROM t WHERE k * 2 = 1000;
ALTER TABLE t DROP INDEX i7;
SELECT name, type, granularity FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 't' ORDER BY name;
CREATE TABLE bad (a UInt8, INDEX i a TYPE nonsense GRANULARITY 1) ENGINE = MergeTree ORDER BY a;
