-- over: http
-- Introspection tables have the columns that clients read.
CREATE TABLE t (a UInt8, s String DEFAULT 'x') ENGINE = MergeTree ORDER BY a;
INSERT INTO t (a) VALUES (1), (2);
OPTIMIZE TABLE t;
SELECT database = currentDatabase(), name, engine, is_temporary, sorting_key, total_rows, engine_full FROM system.tables WHERE database = currentDatabase();
SELECT table, name, type, position, default_kind, default_expression FROM system.columns WHERE database = currentDatabase() ORDER BY position;
SELECT name, engine FROM system.databases WHERE name = currentDatabase() OR name IN ('default', 'system') ORDER BY name = currentDatabase(), name FORMAT Null;
SELECT count() FROM system.databases WHERE name = currentDatabase();
SELECT partition, name, rows, active, level, part_type FROM system.parts WHERE database = currentDatabase() AND table = 't';
SELECT column, type, rows FROM system.parts_columns WHERE database = currentDatabase() AND table = 't' ORDER BY column;
SELECT name, is_aggregate, case_insensitive FROM system.functions WHERE name IN ('sum', 'toDate', 'lower', 'uniq', 'plus') ORDER BY name;
SELECT name, type FROM system.settings WHERE name IN ('max_threads', 'max_block_size', 'max_memory_usage', 'readonly') ORDER BY name;
SELECT name FROM system.table_engines WHERE name IN ('MergeTree', 'Memory', 'View', 'ReplacingMergeTree', 'Log', 'Null') ORDER BY name;
SELECT name, case_insensitive, alias_to FROM system.data_type_families WHERE name IN ('String', 'UInt8', 'INTEGER', 'Nullable', 'DateTime64') ORDER BY name;
SELECT count() > 0 FROM system.processes;
SELECT metric, toTypeName(value) FROM system.metrics WHERE metric = 'Query';
SELECT toTypeName(value) FROM system.events LIMIT 1;
SELECT name, path != '', free_space > 0, total_space > 0 FROM system.disks WHERE name = 'default';
SELECT count() > 0 FROM system.build_options;
SELECT count() >= 0 FROM system.merges;
SELECT count() >= 0 FROM system.mutations;
SELECT count() >= 0 FROM system.replicas;
SELECT count() > 0 FROM system.errors FORMAT Null;
SELECT name, code FROM system.errors WHERE code = 62 FORMAT Null;
SELECT * FROM system.nosuch;
