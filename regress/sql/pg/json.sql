-- over: pg
-- json and jsonb operators and functions.
SELECT '{"a":{"b":[1,2,{"c":"x"}]}}'::jsonb -> 'a' -> 'b' -> 2 ->> 'c', '{"a":1}'::json ->> 'a', '{"a":1}'::json -> 'z', '[1,2,3]'::json -> 1, '[1,2,3]'::json -> -1, '{"a":{"b":5}}'::jsonb #>> '{a,b}', '{"a":{"b":5}}'::json #> '{a}';
SELECT '{"a":1,"b":2}'::jsonb @> '{"a":1}', '{"a":1}'::jsonb ? 'a', '{"a":1}'::jsonb ?| array['x', 'a'], '{"a":1}'::jsonb ?& array['x', 'a'], '{"a":1}'::jsonb || '{"b":2}', '{"a":1,"b":2}'::jsonb - 'a', '[1,2]'::jsonb - 0;
SELECT jsonb_typeof('1'), jsonb_typeof('"a"'), jsonb_typeof('[]'), jsonb_typeof('{}'), jsonb_typeof('null'), json_array_length('[1,2]'), jsonb_array_length('[]'), jsonb_extract_path_text('{"a":{"b":1}}', 'a', 'b');
SELECT to_json('a"b'::text), to_jsonb(ARRAY[1, 2]), json_build_object('a', 1, 'b', 'x'), jsonb_build_array(1, 'a', NULL), row_to_json(ROW(1, 'a')), jsonb_set('{"a":1}', '{a}', '2'), jsonb_strip_nulls('{"a":null,"b":1}'), jsonb_pretty('{"a":1}');
SELECT * FROM jsonb_each_text('{"a":1,"b":"x"}');
SELECT * FROM jsonb_array_elements_text('[1,"a",null]');
SELECT * FROM json_object_keys('{"a":1,"b":2}');
SELECT '{"b":1,  "a":[1, 2], "b":3}'::jsonb, '{"b":1,  "a":2}'::json, '1.50'::jsonb, '"\u00e9"'::jsonb;
SELECT '{"a":1}'::jsonb = '{"a": 1}'::jsonb, ('{"a":"5"}'::jsonb ->> 'a')::int + 1, '{"t":true}'::jsonb -> 't' = 'true'::jsonb;
SELECT 'nope'::jsonb;
