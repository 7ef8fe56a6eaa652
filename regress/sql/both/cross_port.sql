-- over: http session
-- A table made in one dialect's words is a table in the other's: SET dialect on the same connection.
CREATE TABLE t (a UInt32, b LowCardinality(String)) ENGINE = MergeTree ORDER BY a;
INSERT INTO t VALUES (1, 'x');
SELECT a, b FROM t;
