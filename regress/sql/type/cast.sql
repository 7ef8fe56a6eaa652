-- over: http
-- CAST between everything that makes sense, and errors for what does not.
SELECT CAST('[1,2]' AS Array(Int32)), CAST([1, 2] AS Array(String)), CAST(('1', 2) AS Tuple(Int32, String)), CAST(map('a', '1') AS Map(String, Int32)), CAST('2024-01-01 00:00:00' AS DateTime('UTC'));
SELECT CAST(5 AS Nullable(UInt8)), CAST('a' AS LowCardinality(String)), CAST(1.9 AS Int32), CAST(-1 AS UInt8), CAST(true AS Int32), CAST('1' AS Bool), CAST(toDate('2024-01-01') AS DateTime('UTC'));
SELECT toTypeName(CAST(1 AS Float32)), toTypeName(1::Nullable(Int8)), toTypeName([]::Array(String)), toTypeName(CAST((1, 2), 'Tuple(a Int8, b Int8)')), toTypeName(NULL::Nullable(Date));
SELECT CAST('x' AS Int32);
SELECT CAST([1] AS Int32);
SELECT CAST('a' AS NoType);
SELECT CAST(NULL AS String);
SELECT CAST('61f0c404-5cb3-11e7-907b-a6006ad3dba0' AS UUID)::String, CAST(16909060 AS IPv4)::String, '::1'::IPv6::String, 1::Bool::String, CAST('2024-01-01', 'Date')::String;
SELECT _CAST(5, 'String'), cast(5 as String), 5::text, 'abc'::varchar(10), 5::double, 5::int, 5::bigint, 1::boolean, '2024-01-01'::date, toTypeName(5::int);
SELECT [1, 2]::Array(Nullable(Int8)), (1, 'a')::Tuple(x UInt8, y String).y, '{"a":1}'::String, 1.5::Decimal(10, 3), '1.25'::Float32;
SELECT toTypeName(CAST(1 AS TIMESTAMP)), toTypeName(CAST('2024-01-01' AS DATE)), toTypeName(1::INTEGER), toTypeName(1::SMALLINT), toTypeName('a'::TEXT), toTypeName(1::REAL), toTypeName('a'::CHAR(3)), toTypeName('a'::BLOB);
