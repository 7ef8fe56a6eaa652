-- over: pg
-- Joins in PostgreSQL.
CREATE TABLE l (id integer, v text);
CREATE TABLE r (id integer, w text);
INSERT INTO l VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (4, NULL), (NULL, 'n');
INSERT INTO r VALUES (1, 'x'), (2, 'y'), (3, 'z'), (NULL, 'rn');
SELECT l.id, v, w FROM l JOIN r ON l.id = r.id ORDER BY l.id, v;
SELECT l.id, v, r.id, w FROM l LEFT JOIN r ON l.id = r.id ORDER BY l.id, v;
SELECT l.id, v, r.id, w FROM l RIGHT JOIN r ON l.id = r.id ORDER BY r.id, v;
SELECT l.id, v, r.id, w FROM l FULL JOIN r ON l.id = r.id ORDER BY l.id, r.id, v;
SELECT id, v, w FROM l JOIN r USING (id) ORDER BY id, v;
SELECT id, v, w FROM l FULL JOIN r USING (id) ORDER BY id, v, w;
SELECT * FROM l JOIN r USING (id) ORDER BY id, v;
SELECT * FROM l NATURAL JOIN r ORDER BY id, v;
SELECT count(*) FROM l CROSS JOIN r;
SELECT count(*) FROM l, r WHERE l.id = r.id;
SELECT l.id, r.id FROM l JOIN r ON l.id < r.id ORDER BY 1, 2;
SELECT a.id, b.id FROM l a JOIN l b ON a.id = b.id AND a.v < b.v;
SELECT l.v, r.w FROM l LEFT JOIN r ON l.id = r.id AND r.w = 'y' ORDER BY l.v;
SELECT l.v FROM l LEFT JOIN r ON l.id = r.id WHERE r.id IS NULL ORDER BY l.v;
SELECT id FROM l JOIN r ON l.id = r.id;
SELECT l.nope FROM l JOIN r ON l.id = r.id;
SELECT x.id FROM l JOIN r ON l.id = r.id;
SELECT l.id, s.c FROM l LEFT JOIN (SELECT id, count(*) AS c FROM r GROUP BY id) s ON s.id = l.id ORDER BY l.id, s.c;
SELECT a.id FROM l a JOIN r b ON a.id = b.id JOIN r c ON c.id = b.id ORDER BY a.id;
