-- over: pg
-- Arrays of PostgreSQL.
SELECT ARRAY[1, 2, 3], '{a,b}'::text[], ARRAY[]::int[], ARRAY[[1, 2], [3, 4]], ARRAY['a b', 'c"d', NULL, ''], ARRAY[1.5, 2];
SELECT (ARRAY[10, 20, 30])[1], (ARRAY[10, 20, 30])[4], (ARRAY[10, 20, 30])[2:3], (ARRAY[[1, 2], [3, 4]])[2][1];
SELECT array_length(ARRAY[1, 2], 1), array_length(ARRAY[]::int[], 1), cardinality(ARRAY[1, 2]), array_upper(ARRAY[1, 2], 1), array_lower(ARRAY[1], 1), array_ndims(ARRAY[[1], [2]]), array_dims(ARRAY[1, 2]);
SELECT ARRAY[1, 2] || 3, 0 || ARRAY[1], ARRAY[1] || ARRAY[2], array_append(ARRAY[1], 2), array_prepend(0, ARRAY[1]), array_cat(ARRAY[1], ARRAY[2]), array_remove(ARRAY[1, 2, 1], 1), array_replace(ARRAY[1, 2], 2, 9);
SELECT ARRAY[1, 2] @> ARRAY[1], ARRAY[1] <@ ARRAY[1, 2], ARRAY[1, 2] && ARRAY[2, 3], ARRAY[1, 2] = ARRAY[1, 2], ARRAY[1, 2] < ARRAY[1, 3], 2 = ANY (ARRAY[1, 2]), 5 = ALL (ARRAY[5, 5]);
SELECT array_position(ARRAY['a', 'b'], 'b'), array_positions(ARRAY[1, 2, 1], 1), array_to_string(ARRAY[1, 2], '-'), array_fill(7, ARRAY[3]), trim_array(ARRAY[1, 2, 3], 1);
SELECT unnest(ARRAY[3, 1, 2]);
SELECT u, o FROM unnest(ARRAY['a', 'b']) WITH ORDINALITY AS x(u, o);
SELECT a, b FROM unnest(ARRAY[1, 2], ARRAY['x', 'y']) AS x(a, b);
CREATE TABLE t (id integer, tags text[], nums integer[]);
INSERT INTO t VALUES (1, ARRAY['a', 'b'], '{1,2}'), (2, '{}', NULL), (3, '{"x y",NULL}', ARRAY[3]);
SELECT * FROM t ORDER BY id;
SELECT id FROM t WHERE 'a' = ANY (tags);
SELECT id, unnest(nums) FROM t ORDER BY 1, 2;
SELECT ARRAY[1, 'a'];
SELECT '{1,2'::int[];
