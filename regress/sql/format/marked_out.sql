-- over: http
-- Formats with marks around values: escapes, containers, names that cannot be elements, batches of statements, delimiters.
SELECT 1 AS a, 'x|y\nz' AS b, [1] AS c, NULL AS d FORMAT Markdown;
SELECT number AS a FROM numbers(0) FORMAT Markdown;
SELECT number AS a, 'x''y' AS b, NULL AS c FROM numbers(3) ORDER BY a FORMAT SQLInsert SETTINGS output_format_sql_insert_max_batch_size = 2;
SELECT number AS a FROM numbers(3) ORDER BY a FORMAT SQLInsert SETTINGS output_format_sql_insert_table_name = 't', output_format_sql_insert_include_column_names = 0, output_format_sql_insert_use_replace = 1;
SELECT 1 AS a, 'x<&>"''y' AS b, NULL AS c, [1, 2] AS d, (1, 'a') AS e, map('k', 1) AS f, toDate('2024-01-01') AS g FORMAT XML SETTINGS output_format_write_statistics = 0;
SELECT 1 AS `a b`, 2 AS `3x` FORMAT XML SETTINGS output_format_write_statistics = 0;
SELECT number AS a FROM numbers(0) FORMAT XML SETTINGS output_format_write_statistics = 0;
SELECT number AS a, 'x\ty' AS b, NULL AS c FROM numbers(2) ORDER BY a FORMAT CustomSeparated;
SELECT number AS a, 'x\ty' AS b, NULL AS c FROM numbers(2) ORDER BY a FORMAT CustomSeparatedWithNamesAndTypes SETTINGS format_custom_field_delimiter = '|', format_custom_row_before_delimiter = '<', format_custom_row_after_delimiter = '>', format_custom_row_between_delimiter = ';\n', format_custom_result_before_delimiter = '[', format_custom_result_after_delimiter = ']\n', format_custom_escaping_rule = 'CSV';
