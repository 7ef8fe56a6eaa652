-- over: pg
-- Subqueries inside subqueries: recursion that reads an outer row, and rows of inner queries that outlive them.
CREATE TABLE t (id integer, up integer, name text);
INSERT INTO t SELECT g, CASE WHEN g > 1 THEN g / 2 END, 'the name of number ' || g FROM generate_series(1, 20) AS g;
SELECT id, (WITH RECURSIVE path(id, depth) AS (SELECT t2.id, 0 FROM t t2 WHERE t2.id = t.id
  UNION ALL SELECT t3.up, depth + 1 FROM t t3, path WHERE path.id = t3.id AND t3.up IS NOT NULL)
  SELECT string_agg(id::text, '>' ORDER BY depth) FROM path) AS path FROM t WHERE id > 15 ORDER BY id;
WITH RECURSIVE tree(id, depth, names) AS (
  SELECT id, 0, (SELECT array_agg(name || ' and more of it' ORDER BY id) FROM t k WHERE k.up = t.id) FROM t WHERE id = any(ARRAY[1])
  UNION ALL
  SELECT t.id, depth + 1, (SELECT array_agg(name || ' and more of it' ORDER BY id) FROM t k WHERE k.up = t.id)
  FROM t, tree WHERE t.up = tree.id AND depth < 2)
SELECT DISTINCT * FROM tree ORDER BY depth DESC, id;
SELECT t.id, x.label FROM t, LATERAL (SELECT upper(k.name || ' under ' || t.name) AS label FROM t k WHERE k.up = t.id) x
 ORDER BY x.label DESC LIMIT 5;
SELECT count(*), max(x.label) FROM t LEFT JOIN LATERAL (SELECT repeat(k.name, 2) AS label FROM t k WHERE k.up = t.id) x ON true;
SELECT id, (SELECT repeat(name, 3) FROM t k WHERE k.id = t.up) AS long FROM t WHERE id IN (2, 3) ORDER BY long, id;
--! bind {1,2}
WITH RECURSIVE w(id) AS (SELECT id FROM t WHERE id = any($1::int[]) UNION ALL SELECT t.id FROM t, w WHERE t.up = w.id)
SELECT count(*), (SELECT count(*) FROM t WHERE up = any($1::int[])) FROM w;
