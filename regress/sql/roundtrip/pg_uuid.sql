-- over: pg
-- uuid in a table, with NULLs: order, grouping, comparison, joins, COPY, parameters, binary.
CREATE TABLE t (k integer, v uuid);
INSERT INTO t VALUES (1, '00000000-0000-0000-0000-000000000000'), (2, '00000000-0000-0001-0000-000000000000'), (3, '61f0c404-5cb3-11e7-907b-a6006ad3dba0'), (4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), (5, '00000000-0000-0000-0000-000000000001'), (9, NULL);
SELECT k, v, pg_typeof(v) FROM t ORDER BY k;
SELECT v, count(*) FROM t GROUP BY v ORDER BY v;
SELECT k FROM t ORDER BY v DESC, k;
SELECT k FROM t WHERE v = '61f0c404-5cb3-11e7-907b-a6006ad3dba0' ORDER BY k;
SELECT k FROM t WHERE v <> '61f0c404-5cb3-11e7-907b-a6006ad3dba0' ORDER BY k;
SELECT k FROM t WHERE v IN ('00000000-0000-0001-0000-000000000000', '61f0c404-5cb3-11e7-907b-a6006ad3dba0') ORDER BY k;
SELECT k FROM t WHERE v >= '61f0c404-5cb3-11e7-907b-a6006ad3dba0' ORDER BY k;
SELECT count(v), count(DISTINCT v) FROM t;
SELECT a.k, b.k FROM t a JOIN t b ON a.v = b.v WHERE a.k < b.k ORDER BY 1, 2;
SELECT k FROM t WHERE v IS NULL;
COPY (SELECT * FROM t ORDER BY k) TO STDOUT;
COPY (SELECT * FROM t ORDER BY k) TO STDOUT (FORMAT csv);
CREATE TABLE u AS SELECT * FROM t;
--! bind 61f0c404-5cb3-11e7-907b-a6006ad3dba0
SELECT k FROM u WHERE v = $1 ORDER BY k;
--! bind 77|61f0c404-5cb3-11e7-907b-a6006ad3dba0
INSERT INTO u VALUES ($1, $2);
SELECT v::text FROM u WHERE k = 77;
--! binary
SELECT v FROM t WHERE k IN (3, 4) ORDER BY k;
