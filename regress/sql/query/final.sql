-- over: http
-- FINAL and the final setting over replacing rows; with WHERE, joins and aliases.
CREATE TABLE t (id UInt32, ver UInt32, v String) ENGINE = ReplacingMergeTree(ver) ORDER BY id;
INSERT INTO t VALUES (1, 1, 'old'), (2, 1, 'two');
INSERT INTO t VALUES (1, 2, 'new'), (3, 1, 'three');
SELECT id, v FROM t FINAL ORDER BY id;
SELECT id, v FROM t FINAL WHERE v != 'old' ORDER BY id;
SELECT id, v FROM t FINAL WHERE v = 'old';
SELECT count() FROM t FINAL;
SELECT id, v FROM t ORDER BY id SETTINGS final = 1;
SELECT a.id, b.v FROM t AS a FINAL JOIN t AS b FINAL ON a.id = b.id ORDER BY a.id;
SELECT id, v FROM t FINAL PREWHERE id = 1;
SELECT max(ver) FROM t FINAL WHERE id = 1;
SELECT count() FROM t;
