-- over: pg
-- Results in binary.
--! binary
SELECT 1::int2, 2::int4, -3::int8, true, false;
--! binary
SELECT 1.5::float4, -2.25::float8, 'text'::text, 'v'::varchar, NULL::int;
--! binary
SELECT date '2024-01-01', timestamp '2024-01-01 12:00:00', timestamptz '2024-01-01 12:00:00Z', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'::uuid;
--! binary
SELECT 12.50::numeric, -0.001::numeric, 0::numeric, 123456789.123::numeric, '\xdead'::bytea;
--! binary
SELECT time '01:02:03', interval '1 mon 2 days 00:00:01', '{"a":1}'::jsonb, ARRAY[1, 2], ARRAY['a', NULL];
