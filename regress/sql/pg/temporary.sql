-- over: pg
-- A temporary table hides one of the same name for its session; INSERT and COPY follow the search path as SELECT does.
CREATE TABLE t (a integer);
INSERT INTO t VALUES (100);
CREATE TEMP TABLE t (a integer);
INSERT INTO t VALUES (1);
SELECT * FROM t;
CREATE TEMP TABLE u AS SELECT 2 AS b;
SELECT * FROM u;
INSERT INTO pg_temp.u VALUES (5);
SELECT * FROM pg_temp.u ORDER BY b;
TRUNCATE u;
SELECT count(*) FROM u;
DROP TABLE t;
SELECT * FROM t;
CREATE SCHEMA s1;
SET search_path = s1, public;
CREATE TABLE v (a integer);
INSERT INTO v VALUES (7);
SELECT * FROM s1.v;
SELECT * FROM v;
COPY v TO STDOUT;
BEGIN;
CREATE TEMP TABLE x (a integer);
INSERT INTO x VALUES (1);
SELECT * FROM x;
ROLLBACK;
SELECT * FROM x;
INSERT INTO x VALUES (1);
