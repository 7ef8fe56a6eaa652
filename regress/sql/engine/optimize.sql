-- over: http
-- OPTIMIZE: FINAL, PARTITION, DEDUPLICATE.
CREATE TABLE t (d Date, k UInt32, v UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(d) ORDER BY k;
INSERT INTO t VALUES ('2024-01-01', 1, 1), ('2024-02-01', 2, 2);
INSERT INTO t VALUES ('2024-01-02', 1, 1), ('2024-02-01', 2, 2);
INSERT INTO t VALUES ('2024-02-01', 2, 2);
OPTIMIZE TABLE t PARTITION 202401 FINAL;
SELECT partition, count() FROM system.parts WHERE database = currentDatabase() AND table = 't' AND active AND partition = '202401' GROUP BY partition;
OPTIMIZE TABLE t FINAL DEDUPLICATE;
SELECT * FROM t ORDER BY d, k;
OPTIMIZE TABLE t FINAL;
SELECT partition, count(), sum(rows) FROM system.parts WHERE database = currentDatabase() AND table = 't' AND active GROUP BY partition ORDER BY partition;
OPTIMIZE TABLE missing;
CREATE VIEW v AS SELECT 1;
OPTIMIZE TABLE v;
