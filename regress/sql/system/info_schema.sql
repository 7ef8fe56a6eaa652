-- over: http
-- information_schema, in both spellings, over the same catalog.
CREATE TABLE t (a UInt8, s Nullable(String)) ENGINE = MergeTree ORDER BY a;
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = currentDatabase();
SELECT column_name, ordinal_position, is_nullable, data_type FROM information_schema.columns WHERE table_schema = currentDatabase() ORDER BY ordinal_position FORMAT Null;
SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = currentDatabase();
SELECT schema_name = currentDatabase() FROM information_schema.schemata WHERE schema_name = currentDatabase();
