-- over: both
-- The thinnest thread: a table, rows, an aggregate over both ports.
CREATE TABLE t (a integer, b bigint, PRIMARY KEY (a));
INSERT INTO t VALUES (1, 10), (2, 20), (3, 30);
SELECT count(*), sum(b) FROM t;
SELECT a % 2 AS odd, sum(b) AS s FROM t GROUP BY a % 2 ORDER BY odd;
SELECT b FROM t WHERE a = 2;
SELECT nothing FROM t;
SELECT 1 FROM missing;
DROP TABLE t;
