-- over: pg
-- RETURNING of INSERT sees the row as it is stored: defaults, serials, casts; of SELECT, VALUES and DEFAULT VALUES.
CREATE TABLE r (id serial, a integer, b text DEFAULT 'd', c numeric(5, 1));
INSERT INTO r (a, c) VALUES (1, 2.25) RETURNING id, a, b, c;
INSERT INTO r (a) VALUES (2) RETURNING *;
INSERT INTO r (a, b) SELECT 5, upper('x') RETURNING id + 100 AS far, r.b || '!';
INSERT INTO r AS q DEFAULT VALUES RETURNING q.id, q.a IS NULL;
PREPARE i(integer) AS INSERT INTO r (a) VALUES ($1) RETURNING a * 2, $1 + 1;
EXECUTE i(7);
INSERT INTO r (a) SELECT 1 WHERE false RETURNING a;
INSERT INTO r (a) VALUES (8) RETURNING (SELECT max(x) FROM (VALUES (1), (3)) AS v (x)), 'lit';
INSERT INTO r (a) VALUES (1) RETURNING nothing;
INSERT INTO r (a) VALUES (1) RETURNING count(*);
BEGIN;
INSERT INTO r (a) VALUES (50) RETURNING a;
ROLLBACK;
SELECT id, a, b, c FROM r ORDER BY id;
