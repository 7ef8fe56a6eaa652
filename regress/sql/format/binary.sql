-- over: http
-- RowBinary and Native, out, as hex; the layout is what clients decode.
SELECT toUInt8(1) AS a, 'xy' AS b FORMAT RowBinary;
SELECT toUInt32(258) AS a, toNullable('x') AS b, NULL AS c FORMAT RowBinaryWithNames;
SELECT toInt16(-2) AS a, [1, 2] AS b FORMAT RowBinaryWithNamesAndTypes;
SELECT toUInt8(number) AS a, toString(number) AS b FROM numbers(2) ORDER BY a FORMAT Native;
SELECT toDate('1970-01-03') AS d, toDateTime64('1970-01-01 00:00:01', 3, 'UTC') AS t, toDecimal32('1.5', 1) AS x, toUUID('00112233-4455-6677-8899-aabbccddeeff') AS u, toIPv4('1.2.3.4') AS i FORMAT RowBinary;
SELECT map('k', toUInt8(1)) AS m, (toUInt8(1), 'a') AS t, toFixedString('ab', 3) AS f, CAST('b' AS Enum8('a' = 1, 'b' = 2)) AS e, true AS b FORMAT RowBinary;
SELECT toLowCardinality('lc') AS l, toNullable(toUInt8(7)) AS n, [toNullable('q')] AS a FORMAT Native;
SELECT 1.5 AS f, toFloat32(2.5) AS g, toInt128(-1) AS i FORMAT RowBinary;
SELECT 'raw' AS s FORMAT RawBLOB;
