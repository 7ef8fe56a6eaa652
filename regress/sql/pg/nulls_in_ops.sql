-- over: pg
-- NULL in everything.
SELECT 1 + NULL, NULL || 'a', NULL = NULL, NULL <> 1, NOT NULL::bool, NULL AND false, NULL OR true, NULL IN (1), 1 IN (NULL), NULL BETWEEN 1 AND 2;
SELECT upper(NULL), length(NULL), abs(NULL), substring(NULL from 1), concat(NULL), concat('a', NULL), date_trunc('day', NULL::timestamp), extract(year from NULL::date);
SELECT greatest(NULL, 1), least(1, NULL), coalesce(NULL, NULL), nullif(NULL, 1), count(NULL), sum(NULL::int), max(NULL::text);
SELECT NULL::int + 1, NULL::text, NULL::date, NULL::int[], (NULL::int[])[1], ARRAY[NULL, 1];
CREATE TABLE t (a integer, b text);
INSERT INTO t VALUES (NULL, NULL), (1, NULL), (NULL, 'x');
SELECT * FROM t ORDER BY a, b;
SELECT a, count(*) FROM t GROUP BY a ORDER BY a;
SELECT count(*) FROM t WHERE a = NULL;
SELECT count(*) FROM t WHERE a IS NULL AND b IS NOT NULL;
SELECT DISTINCT a FROM t ORDER BY a NULLS FIRST;
SELECT count(*) FROM t x JOIN t y ON x.a = y.a;
SELECT * FROM t WHERE NOT (a = 1);
