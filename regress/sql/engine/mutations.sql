-- over: http
-- Mutations and lightweight deletes and updates: what is left, with a partition, after a merge, and over DETACH and ATTACH.
CREATE TABLE h (k UInt32, v UInt32, s String) ENGINE = MergeTree PARTITION BY k % 2 ORDER BY k SETTINGS enable_block_number_column = 1, enable_block_offset_column = 1;
INSERT INTO h SELECT number, number, toString(number) FROM numbers(100);
ALTER TABLE h DELETE WHERE k < 10 SETTINGS mutations_sync = 1;
ALTER TABLE h UPDATE v = v + 1, s = 'u' WHERE k >= 90 SETTINGS mutations_sync = 1;
DELETE FROM h WHERE k = 50;
SELECT count(), sum(v), countIf(s = 'u') FROM h;
ALTER TABLE h DETACH PARTITION 0;
SELECT count(), sum(v) FROM h;
ALTER TABLE h ATTACH PARTITION 0;
SELECT count(), sum(v), countIf(s = 'u') FROM h;
OPTIMIZE TABLE h FINAL;
SELECT count(), sum(v), min(k), max(k) FROM h;
SELECT count() FROM h WHERE k IN (5, 50, 60);
ALTER TABLE h DELETE WHERE nothing = 1;
DELETE FROM h WHERE s LIKE '9%';
SELECT count() FROM h;
SELECT command, is_done FROM system.mutations WHERE database = currentDatabase() AND table = 'h' AND command LIKE '%k < 10%';
CREATE TABLE r (k UInt32, v UInt32) ENGINE = ReplacingMergeTree(v) ORDER BY k;
INSERT INTO r VALUES (1, 1), (2, 2);
INSERT INTO r VALUES (1, 10), (3, 3);
DELETE FROM r WHERE k = 2;
SELECT * FROM r FINAL ORDER BY k;
OPTIMIZE TABLE r FINAL;
SELECT * FROM r ORDER BY k;
