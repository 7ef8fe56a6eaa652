-- over: http
-- Column-wise JSON and objects by row: what stands where there are no rows, and the names of rows.
SELECT number AS a, toString(number) AS b FROM numbers(2) ORDER BY a FORMAT JSONColumns;
SELECT number AS a, toString(number) AS b FROM numbers(2) ORDER BY a FORMAT JSONCompactColumns;
SELECT number AS a, [number] AS b FROM numbers(2) ORDER BY a FORMAT JSONColumnsWithMetadata SETTINGS output_format_write_statistics = 0;
SELECT number AS a, toString(number) AS b FROM numbers(2) ORDER BY a FORMAT JSONObjectEachRow;
SELECT number AS a, toString(number) AS b FROM numbers(2) ORDER BY a FORMAT JSONObjectEachRow SETTINGS format_json_object_each_row_column_for_object_name = 'b';
SELECT number AS a FROM numbers(0) FORMAT JSONColumns;
SELECT number AS a FROM numbers(0) FORMAT JSONCompactColumns;
SELECT number AS a FROM numbers(0) FORMAT JSONColumnsWithMetadata SETTINGS output_format_write_statistics = 0;
SELECT number AS a FROM numbers(0) FORMAT JSONObjectEachRow;
