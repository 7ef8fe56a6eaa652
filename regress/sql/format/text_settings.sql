-- over: http
-- Settings that change how text formats spell values: NULL, Bool, decimals, floats, tables.
SELECT NULL AS a, 'x' AS b FORMAT CSV SETTINGS format_csv_null_representation = 'NULL';
SELECT NULL AS a, [NULL] AS b FORMAT TSV SETTINGS format_tsv_null_representation = 'nil';
SELECT NULL AS a, 'x' AS b FORMAT TSVRaw SETTINGS format_tsv_null_representation = 'nil';
SELECT NULL AS a, true AS b, false AS c FORMAT TSV SETTINGS bool_true_representation = 'yes', bool_false_representation = 'no';
SELECT [true] AS a, true AS b FORMAT CSV SETTINGS bool_true_representation = 'yes';
SELECT 1.5 AS a, 'x' AS b FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_floats = 1;
SELECT toDecimal32(1.5, 3) AS a FORMAT JSONEachRow SETTINGS output_format_json_quote_decimals = 1;
SELECT toDecimal32(1.5, 3) AS a FORMAT TSV SETTINGS output_format_decimal_trailing_zeros = 1;
SELECT nan AS a, inf AS b FORMAT JSONEachRow SETTINGS output_format_json_quote_denormals = 1;
SELECT 1 AS a, 'x' AS b FORMAT PrettyCompact SETTINGS output_format_pretty_row_numbers = 0;
SELECT 1 AS a, 'x' AS b FORMAT Pretty SETTINGS output_format_pretty_grid_charset = 'ASCII';
SELECT 1 AS a, 'x' AS b FORMAT PrettyCompact SETTINGS output_format_pretty_grid_charset = 'ASCII';
SELECT toUInt32(12345678) AS b, toInt32(-5000000) AS c, 1e9 AS d, toDecimal64(1234567.5, 2) AS e, 1e40 AS l, inf AS m, toUInt64(9000000000000000000) AS n, toUInt64(999999) AS o FORMAT Vertical;
SELECT 1e67 AS a FORMAT PrettyCompact;
