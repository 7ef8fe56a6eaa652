-- over: http
-- INSERT forms: columns, VALUES with expressions, SELECT, WITH, several rows, conversions, errors change nothing.
CREATE TABLE t (a UInt32, b String, c Nullable(Float64)) ENGINE = MergeTree ORDER BY a;
INSERT INTO t VALUES (1, 'x', 1.5), (2, 'y', NULL), (1 + 2, upper('z'), 1 / 4);
INSERT INTO t (b, a) VALUES ('only', 10);
INSERT INTO t SELECT number + 100, toString(number), number / 2 FROM numbers(2);
INSERT INTO t (a) SELECT 200;
INSERT INTO TABLE t (a, b) SELECT 300, 'table';
INSERT INTO t (* EXCEPT (c)) VALUES (400, 'except');
INSERT INTO t WITH 5 AS x SELECT x, 'with', x;
INSERT INTO t SELECT 'text', 1, 2;
SELECT * FROM t ORDER BY a;
INSERT INTO t VALUES (1);
INSERT INTO t VALUES ('a', 'b', 'c');
INSERT INTO t (nothing) VALUES (1);
INSERT INTO t SELECT 1;
INSERT INTO missing VALUES (1);
INSERT INTO t (a, a) VALUES (1, 2);
SELECT count() FROM t;
INSERT INTO FUNCTION null('a UInt8') SELECT 1;
INSERT INTO t (a, b) VALUES (500, 'quote '' and \' and \n nl'), (501, 'tab\t');
SELECT b FROM t WHERE a >= 500 ORDER BY a;
INSERT INTO t (a, c) VALUES (600, nan), (601, inf), (602, -1e-3);
SELECT c FROM t WHERE a >= 600 ORDER BY a;
