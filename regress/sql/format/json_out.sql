-- over: http
-- The JSON family, out.
CREATE TABLE t (a UInt64, s String, n Nullable(Float64), arr Array(UInt8), d Decimal(10, 2), dt Date) ENGINE = MergeTree ORDER BY a;
INSERT INTO t VALUES (1, 'x"\\/\n', 1.5, [1, 2], 1.25, '2024-01-01'), (18446744073709551615, 'é', NULL, [], -3, '2024-02-29');
SELECT * FROM t ORDER BY a FORMAT JSON SETTINGS output_format_write_statistics = 0;
SELECT * FROM t ORDER BY a FORMAT JSONCompact SETTINGS output_format_write_statistics = 0;
SELECT * FROM t ORDER BY a FORMAT JSONStrings SETTINGS output_format_write_statistics = 0;
SELECT * FROM t ORDER BY a FORMAT JSONEachRow;
SELECT * FROM t ORDER BY a FORMAT JSONStringsEachRow;
SELECT * FROM t ORDER BY a FORMAT JSONCompactEachRow;
SELECT * FROM t ORDER BY a FORMAT JSONCompactStringsEachRow;
SELECT * FROM t ORDER BY a FORMAT JSONCompactEachRowWithNames;
SELECT * FROM t ORDER BY a FORMAT JSONCompactEachRowWithNamesAndTypes;
SELECT * FROM t ORDER BY a FORMAT JSONColumns;
SELECT * FROM t ORDER BY a FORMAT JSONCompactColumns;
SELECT a FROM t ORDER BY a FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 1;
SELECT count() AS c FROM t WHERE 0 FORMAT JSON SETTINGS output_format_write_statistics = 0;
SELECT a FROM t WHERE 0 FORMAT JSON SETTINGS output_format_write_statistics = 0;
SELECT nan AS n, inf AS i, toDateTime64('2024-01-01 00:00:00.5', 3, 'UTC') AS t, (1, 'x') AS tp, map('k', 1) AS m, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS u FORMAT JSONEachRow;
SELECT nan AS n SETTINGS output_format_json_quote_denormals = 1 FORMAT JSONEachRow;
