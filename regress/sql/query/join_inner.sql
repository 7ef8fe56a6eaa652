-- over: http
-- Inner joins: ON with one and several keys, USING, extra conditions, types that must meet, NULL keys.
CREATE TABLE l (id UInt32, v String) ENGINE = MergeTree ORDER BY id;
CREATE TABLE r (id UInt32, w String) ENGINE = MergeTree ORDER BY id;
INSERT INTO l VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (4, 'd');
INSERT INTO r VALUES (1, 'x'), (2, 'y'), (2, 'yy'), (3, 'z');
SELECT l.id, v, w FROM l INNER JOIN r ON l.id = r.id ORDER BY l.id, v, w;
SELECT id, v, w FROM l JOIN r USING (id) ORDER BY id, v, w;
SELECT id, v, w FROM l JOIN r USING id ORDER BY id, v, w;
SELECT l.id, r.id, w FROM l JOIN r ON l.id = r.id AND r.w != 'y' ORDER BY l.id, v, w;
SELECT l.id, r.id FROM l JOIN r ON l.id + 1 = r.id ORDER BY l.id, r.id;
SELECT count() FROM l JOIN r ON l.id = r.id WHERE v = 'b';
SELECT a.id, b.id, c.id FROM l AS a JOIN r AS b ON a.id = b.id JOIN r AS c ON b.id = c.id WHERE a.id = 1;
SELECT x.k, y.k FROM (SELECT arrayJoin([1, NULL]) AS k) AS x JOIN (SELECT arrayJoin([1, NULL]) AS k) AS y ON x.k = y.k;
SELECT x.k FROM (SELECT toUInt8(1) AS k) AS x JOIN (SELECT toInt64(1) AS k) AS y ON x.k = y.k;
SELECT * FROM (SELECT 1 AS a, 'l' AS b) AS x JOIN (SELECT 1 AS a, 'r' AS c) AS y ON x.a = y.a;
SELECT l.v, s.c FROM l JOIN (SELECT id, count() AS c FROM r GROUP BY id) AS s ON s.id = l.id ORDER BY l.v;
SELECT l.id FROM l JOIN r ON l.nothing = r.id;
SELECT l.id, r.w FROM l JOIN r ON l.id = r.id AND l.v = r.w;
