-- over: pg
-- json_to_record and its kin: the columns come from AS or from a table's row type; what is missing is NULL.
SELECT * FROM json_to_record('{"a":1,"b":"foo","c":[1,2,null],"d":{"x":1}}') AS t(a int, b text, c int[], d json);
SELECT * FROM jsonb_to_record('{"a":1,"b":"foo","d":{"x":1}}') AS t(a int, "B" text, d jsonb, e date);
SELECT * FROM json_to_recordset('[{"a":1,"b":"foo"},{"a":"2","c":"bar"}]') AS x(a int, b text);
SELECT a, b FROM jsonb_to_recordset('[{"a":1,"b":"foo"},{"a":"2"},{"a":null}]') AS x(a int, b text) WHERE a > 1;
SELECT * FROM jsonb_to_recordset('[]') AS x(a int);
SELECT * FROM json_to_recordset('[{"a":"x"}]') AS x(a int);
SELECT * FROM json_to_recordset('[1,2]') AS x;
CREATE TABLE j (a int, b text, c numeric(10,2), ok boolean, at timestamp);
SELECT * FROM jsonb_populate_record(NULL::j, '{"a":1,"b":"x","c":1.5,"ok":true,"at":"2020-01-01 10:00:00"}');
SELECT * FROM json_populate_recordset(NULL::j, '[{"a":1,"b":"x","c":1.50},{"a":2,"ok":false}]');
INSERT INTO j SELECT * FROM jsonb_populate_recordset(NULL::j, '[{"a":1,"b":"x","c":1.5},{"a":2}]');
SELECT * FROM j ORDER BY a;
CREATE TABLE docs (id int, doc jsonb);
INSERT INTO docs VALUES (1, '[{"k":"p","v":1},{"k":"q","v":2}]'), (2, '[]'), (3, '[{"k":"r"}]');
SELECT id, k, v FROM docs, jsonb_to_recordset(doc) AS x(k text, v int) ORDER BY id, k;
SELECT id, r.k FROM docs LEFT JOIN LATERAL jsonb_to_recordset(docs.doc) AS r(k text) ON true ORDER BY id, r.k;
UPDATE j SET (b, c) = (SELECT 'y', 7) WHERE a = 2;
UPDATE j SET (b, c) = (SELECT x.k, x.v FROM docs, jsonb_to_recordset(docs.doc) AS x(k text, v int) WHERE x.v = j.a LIMIT 1) WHERE a = 1;
SELECT a, b, c FROM j ORDER BY a;
SELECT set_config('search_path', 'pg_catalog', false);
SHOW search_path;
SELECT current_schemas(false);
