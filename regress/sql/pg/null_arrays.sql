-- over: pg
-- Arrays and intervals that are NULL: kept beside the column, through INSERT, COPY, ALTER, CREATE TABLE AS and every clause.
CREATE TABLE s (k integer, v interval, a integer[], b text[]);
INSERT INTO s VALUES (1, '1 hour', '{1,2}', '{a}'), (2, NULL, NULL, NULL);
CREATE TABLE t AS SELECT * FROM s;
SELECT v::text, a::text, b::text FROM t ORDER BY k;
SELECT k FROM t WHERE v = '1 hour' AND a = '{1,2}' AND b = '{a}';
SELECT k, a IS NULL, a[1] FROM t ORDER BY a NULLS FIRST, k;
INSERT INTO t (k) VALUES (3);
INSERT INTO t VALUES (4, DEFAULT, DEFAULT, '{}'), (5, NULL, '{}', NULL);
SELECT * FROM t ORDER BY k;
ALTER TABLE t ADD COLUMN z text[];
ALTER TABLE t ADD COLUMN y integer[] DEFAULT '{7}';
ALTER TABLE t ADD COLUMN x integer[] NOT NULL DEFAULT '{7}';
SELECT * FROM t ORDER BY k;
ALTER TABLE t DROP COLUMN z;
ALTER TABLE t RENAME COLUMN y TO w;
SELECT * FROM t ORDER BY k;
INSERT INTO t VALUES (9, NULL, NULL, NULL, NULL, NULL);
INSERT INTO t VALUES (9, NULL, NULL, NULL, NULL, '{1,2}');
COPY (SELECT * FROM t ORDER BY k) TO STDOUT;
COPY t FROM STDIN;
10	\N	\N	\N	\N	{3}
11	1 day	{1,NULL}	{x,"NULL"}	\N	{3}
\.
SELECT * FROM t WHERE k > 8 ORDER BY k;
SELECT count(a), count(*), count(DISTINCT a) FROM t;
SELECT a, count(*) FROM t GROUP BY a ORDER BY a;
SELECT l.k, r.k FROM t l JOIN t r ON l.a = r.a ORDER BY 1, 2;
SELECT k, coalesce(a, '{0}'), CASE WHEN a IS NULL THEN '{9}' ELSE a END FROM t ORDER BY k;
SELECT '{{1,2},{3,4}}'::integer[], '{{a},{NULL}}'::text[];
SELECT attname, atttypid::regtype, attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname;
