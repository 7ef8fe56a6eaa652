-- over: http
-- Settings that shape JSON and dates on the way out and in.
SELECT toUInt64(1) AS a, toInt64(-1) AS b, 1.5 AS c FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 1;
SELECT toDateTime('2024-01-01 12:00:00', 'UTC') AS t, toDateTime64('2024-01-01 12:00:00.5', 3, 'UTC') AS u FORMAT JSONEachRow SETTINGS date_time_output_format = 'iso';
SELECT toDateTime('2024-01-01 12:00:00', 'UTC') AS t FORMAT JSONEachRow SETTINGS date_time_output_format = 'unix_timestamp';
SELECT 'a/b' AS s FORMAT JSONEachRow SETTINGS output_format_json_escape_forward_slashes = 0;
SELECT CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS t FORMAT JSONEachRow SETTINGS output_format_json_named_tuples_as_objects = 0;
CREATE TABLE t (a UInt32, n Nested(x UInt8, y String)) ENGINE = Memory;
INSERT INTO t SETTINGS input_format_import_nested_json = 1 FORMAT JSONEachRow
{"a":1,"n":{"x":[1,2],"y":["p","q"]}}
\.
SELECT a, n.x, n.y FROM t;
INSERT INTO t (a) SETTINGS input_format_skip_unknown_fields = 1 FORMAT JSONEachRow
{"a":2,"zzz":[{"q":1}]}
\.
SELECT count() FROM t;
SELECT 1 AS a FORMAT JSONEachRow SETTINGS output_format_json_array_of_rows = 1;
