-- over: http
-- Unknown formats, formats that cannot be read or written.
SELECT 1 FORMAT NoSuchFormat;
CREATE TABLE t (a UInt8) ENGINE = Memory;
INSERT INTO t FORMAT NoSuchFormat
1
\.
INSERT INTO t FORMAT PrettyCompact
1
\.
SELECT name FROM system.formats WHERE name IN ('TSV', 'TabSeparated', 'JSONEachRow', 'CSV', 'Native', 'Values', 'RowBinary', 'JSON', 'Vertical', 'Null', 'PrettyCompact') AND is_output ORDER BY name;
--! url default_format=JSONCompactEachRow
SELECT 1, 'x';
SELECT count() FROM t;
