-- over: pg
-- Several statements in one query string; each gives its result; an error stops the rest and undoes them.
CREATE TABLE t (a integer);
SELECT 1; SELECT 2; SELECT 'three';
INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); SELECT count(*) FROM t;
INSERT INTO t VALUES (3); SELECT nothing; INSERT INTO t VALUES (4);
SELECT a FROM t ORDER BY a;
-- a comment between
SELECT /* inside */ 1 -- tail
;
SELECT 1;;
