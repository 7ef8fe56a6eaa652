-- over: http
-- Several inserts, one block each, keep every row; equal rows stay.
CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a;
INSERT INTO t VALUES (1, 'x'), (1, 'x');
INSERT INTO t VALUES (1, 'x');
SELECT count(), uniqExact(a, b) FROM t;
OPTIMIZE TABLE t FINAL;
SELECT count() FROM t;
INSERT INTO t SELECT * FROM t;
SELECT count() FROM t;
CREATE TABLE u AS t;
INSERT INTO u SELECT * FROM t WHERE a = 1 LIMIT 2;
SELECT count() FROM u;
INSERT INTO u SELECT number, toString(number) FROM numbers(300);
SELECT max(a), count() FROM u;
