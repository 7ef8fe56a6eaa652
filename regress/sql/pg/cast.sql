-- over: pg
-- Casts in both spellings and what cannot be cast.
SELECT '5'::int, 5::text, '5.7'::numeric::int, 5.7::int, 't'::boolean, 'yes'::boolean, 0::boolean, true::int, true::text, 'abc'::varchar(2), CAST('7' AS bigint), int '5', '  5 '::int;
SELECT 'abc'::int;
SELECT ''::int;
SELECT '99999999999'::int;
SELECT 99999999999::int;
SELECT 40000::smallint;
SELECT 'maybe'::boolean;
SELECT '2024-01-01'::date::text, '{1,2,3}'::int[], ARRAY[1, 2]::text[], ARRAY['1', '2']::int[], '61f0c404-5cb3-11e7-907b-a6006ad3dba0'::uuid;
SELECT 'x'::uuid;
SELECT '{"a":1}'::json, '{"a": 1}'::jsonb, '[1, 2]'::jsonb;
SELECT '{a:1}'::json;
SELECT 1::boolean, 0.1::float4, 16777217::float4;
SELECT 1e40::float8::float4;
SELECT 3.99::float8::int, 2.5::float8::int, 3.5::float8::int, '1e3'::float8::int;
SELECT 'NaN'::float8::int;
SELECT pg_typeof('a'), pg_typeof('a'::text), pg_typeof(NULL), pg_typeof('a' || 'b'), pg_typeof(ARRAY[1]), pg_typeof(ARRAY['a']), pg_typeof(true), pg_typeof(date '2024-01-01');
SELECT E'\\x6869'::bytea, 'hi'::bytea, '\x00ff'::bytea;
