-- over: http
-- LEFT, RIGHT, FULL: defaults or NULLs for what is missing.
CREATE TABLE l (id UInt32, v String) ENGINE = MergeTree ORDER BY id;
CREATE TABLE r (id UInt32, w String, n Nullable(Int32)) ENGINE = MergeTree ORDER BY id;
INSERT INTO l VALUES (1, 'a'), (2, 'b'), (4, 'd');
INSERT INTO r VALUES (1, 'x', NULL), (2, 'y', 5), (3, 'z', 7);
SELECT l.id, v, r.id, w, n FROM l LEFT JOIN r ON l.id = r.id ORDER BY l.id;
SELECT l.id, v, r.id, w, n FROM l RIGHT JOIN r ON l.id = r.id ORDER BY r.id;
SELECT l.id, v, r.id, w, n FROM l FULL JOIN r ON l.id = r.id ORDER BY l.id, r.id;
SELECT l.id, v, r.id, w, n FROM l LEFT JOIN r ON l.id = r.id ORDER BY l.id SETTINGS join_use_nulls = 1;
SELECT l.id, v, r.id, w, n FROM l FULL OUTER JOIN r ON l.id = r.id ORDER BY l.id NULLS LAST, r.id SETTINGS join_use_nulls = 1;
SELECT id, v, w FROM l LEFT JOIN r USING (id) ORDER BY id;
SELECT id, v, w FROM l RIGHT JOIN r USING (id) ORDER BY id;
SELECT id, v, w FROM l FULL JOIN r USING (id) ORDER BY id;
SELECT l.id, r.id FROM l LEFT JOIN r ON l.id = r.id AND r.w = 'y' ORDER BY l.id;
SELECT l.id FROM l LEFT JOIN r ON l.id = r.id WHERE r.id = 0 ORDER BY l.id;
SELECT count(), sum(n) FROM l LEFT JOIN r ON l.id = r.id;
SELECT toTypeName(r.w) FROM l LEFT JOIN r ON l.id = r.id LIMIT 1 SETTINGS join_use_nulls = 1;
