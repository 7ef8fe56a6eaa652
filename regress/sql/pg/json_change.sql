-- over: pg
-- jsonb taken apart and put together.
SELECT jsonb_set('{"a":[1,2]}', '{a,0}', '9'), jsonb_set('{"a":1}', '{b}', '2'), jsonb_set('{"a":1}', '{b}', '2', false);
SELECT jsonb_set('[1,2]', '{-1}', '9'), jsonb_set('[1,2]', '{7}', '9'), jsonb_insert('[1,2]', '{1}', '5'), jsonb_insert('[1,2]', '{1}', '5', true);
SELECT jsonb_insert('{"a":1}', '{a}', '2');
SELECT '{"a":{"b":1,"c":2}}'::jsonb #- '{a,b}', '["a","b"]'::jsonb - 'a'::text, '{"a":1,"b":2,"c":3}'::jsonb - ARRAY['a', 'c'];
SELECT '1'::jsonb - 'a';
SELECT '{"a":1}'::jsonb - 1;
SELECT '[1,2]'::jsonb || '3', '{"a":1}'::jsonb || '{"a":2,"b":3}', '[1]'::jsonb || '{"a":1}', '1'::jsonb || '2';
SELECT '[1,[2,3]]'::jsonb @> '[[3]]', '[1,2]'::jsonb @> '1', '{"a":[1,2]}'::jsonb @> '{"a":[2]}', '1'::jsonb <@ '[1]'::jsonb;
SELECT json_strip_nulls('{"a":null,"b":[null,{"c":null}]}'), jsonb_pretty('{"a":[1,{}],"b":{"c":[]}}');
SELECT json_build_object('a', ARRAY[1, 2], 'b', ROW(1, true), 'c', date '2024-01-02', 'd', timestamptz '2024-01-02 03:04:05Z', 'e', 1.50, 'f', NULL);
SELECT json_object('{a,1,b,2}'), jsonb_object('{a,b}', '{1,NULL}'), array_to_json(ARRAY[[1, 2], [3, 4]]), to_json('x'::text);
SELECT json_build_object('a');
SELECT json_build_object(NULL, 1);
SELECT jsonb_array_length('{}');
SELECT jsonb_array_length('1');
SELECT * FROM jsonb_array_elements('{"a":1}');
SELECT * FROM json_each('[1]');
SELECT '{"a":1}'::json -> NULL, NULL::json -> 'a', '{"a":null}'::json -> 'a', '{"a":null}'::json ->> 'a', '[1]'::json -> 5, '"x"'::json -> 0;
