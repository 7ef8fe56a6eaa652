-- over: http
-- Formats for people.
SELECT 1 AS a, 'text' AS b, NULL AS c FORMAT Vertical;
SELECT number AS n, toString(number) AS s FROM numbers(3) ORDER BY n FORMAT Vertical;
SELECT number AS n, repeat('x', number) AS s FROM numbers(3) ORDER BY n FORMAT PrettyCompact SETTINGS output_format_pretty_color = 0;
SELECT 1 AS one, 'é' AS two FORMAT Pretty SETTINGS output_format_pretty_color = 0;
SELECT number AS n, -number AS m FROM numbers(2) ORDER BY n FORMAT PrettySpace SETTINGS output_format_pretty_color = 0;
SELECT number AS n, [number] AS a FROM numbers(2) ORDER BY n FORMAT Markdown;
SELECT 1 AS a FORMAT Null;
SELECT number AS n FROM numbers(2) ORDER BY n FORMAT PrettyNoEscapes;
SELECT 1 AS a, 'x' AS b FORMAT XML SETTINGS output_format_write_statistics = 0;
SELECT 1 AS a, 'x' AS b FORMAT SQLInsert;
