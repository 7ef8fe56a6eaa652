-- over: both
-- Errors carry each protocol's own code.
SELEC 1;
SELECT * FROM nowhere;
SELECT nothing FROM (SELECT 1 AS a) AS x;
SELECT no_such_function(1);
CREATE TABLE t (a integer, PRIMARY KEY (a));
CREATE TABLE t (a integer, PRIMARY KEY (a));
INSERT INTO t (b) VALUES (1);
DROP TABLE nowhere;
DROP TABLE IF EXISTS nowhere;
SELECT count(*) FROM t;
