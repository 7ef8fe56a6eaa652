-- over: http
-- SHOW and DESCRIBE.
CREATE TABLE t (a UInt8 COMMENT 'first', b String DEFAULT 'x' CODEC(ZSTD(1)), c Nullable(Decimal(10, 2)), d LowCardinality(String)) ENGINE = MergeTree PARTITION BY a ORDER BY (a, b) COMMENT 'a table';
SHOW CREATE TABLE t FORMAT TSVRaw;
DESCRIBE t;
DESC TABLE t FORMAT TSVWithNames;
SHOW TABLES LIKE 't%';
SHOW TABLES LIKE 'q%';
SHOW COLUMNS FROM t LIKE 'a';
DESCRIBE TABLE missing;
SHOW CREATE TABLE missing;
DESCRIBE (SELECT 1 AS x, 'a' AS y);
SELECT name, engine, total_rows, comment FROM system.tables WHERE database = currentDatabase();
SELECT name, type, position, default_kind, default_expression, is_in_primary_key, is_in_sorting_key, is_in_partition_key FROM system.columns WHERE database = currentDatabase() AND table = 't' ORDER BY position;
CREATE VIEW v AS SELECT a, count() AS c FROM t GROUP BY a;
SHOW CREATE VIEW v FORMAT TSVRaw;
