-- over: pg
-- jsonb's own order and equality: by kind, then by size, then by members; numbers by value.
CREATE TABLE t (k integer, v jsonb);
INSERT INTO t VALUES (1, 'null'), (2, '"b"'), (3, '"a"'), (4, '10'), (5, '9'), (6, '-1.5'), (7, '-2'), (8, '0'),
 (9, 'true'), (10, 'false'), (11, '[]'), (12, '[3]'), (13, '[1, 2]'), (14, '[1, "a"]'), (15, '{}'), (16, '{"a": 2}'),
 (17, '{"b": 1}'), (18, '{"aa": 1}'), (19, '{"a": 1, "b": 0}'), (20, '[[]]'), (21, '[null]'), (22, '0.001'),
 (23, '123456789012345678901234567890'), (24, '[{"a": [1]}]'), (25, '""');
SELECT k, v FROM t ORDER BY v;
SELECT k FROM t ORDER BY v DESC LIMIT 5;
SELECT '1'::jsonb = '1.0'::jsonb, '1'::jsonb <> '1.00'::jsonb, '[1, 2]'::jsonb < '[1, 3]'::jsonb;
SELECT k FROM t WHERE v > '9' AND v < '{"a": 2}' ORDER BY v;
SELECT a.k, b.k FROM t a JOIN t b ON a.v < b.v WHERE a.k IN (4, 5) AND b.k IN (6, 8, 23) ORDER BY 1, 2;
SELECT string_agg(k::text, ',' ORDER BY v) FROM t;
SELECT array_agg(DISTINCT v) FROM t WHERE k < 9;
SELECT json_agg(DISTINCT k % 3) FROM t;
SELECT v -> 'a', v['a'], (v -> 0)['a'] FROM t WHERE k IN (16, 24) ORDER BY k;
