-- over: pg
-- Row values: how they read, their fields, comparison, whole rows of tables.
CREATE TABLE r1 (a int, b text);
INSERT INTO r1 VALUES (1, 'x'), (2, NULL), (3, 'x');
SELECT ROW(1, 'a b', NULL, '', 'x"y', ARRAY[1, 2], ROW(1, 2));
SELECT r FROM r1 r ORDER BY r;
SELECT DISTINCT (1, b) FROM r1 ORDER BY 1;
SELECT (a, b) IN (SELECT 1, 'x') FROM r1 ORDER BY a;
SELECT count(*) FROM r1 x JOIN r1 y ON x = y;
SELECT r IS NULL, r IS NOT NULL FROM r1 r ORDER BY a;
SELECT (SELECT r FROM r1 r WHERE a = 1);
SELECT row_to_json(r) FROM r1 r ORDER BY a;
SELECT to_jsonb(r) FROM r1 r ORDER BY a;
SELECT (r).b, (r).* FROM r1 r ORDER BY a;
SELECT r::text FROM r1 r ORDER BY a;
SELECT array_agg(r ORDER BY a) FROM r1 r;
SELECT (1, 2) = (SELECT 1, 2), (1, 2) < (SELECT 1, 3);
SELECT ROW(r.*) FROM r1 r ORDER BY 1;
SELECT (5).*;
