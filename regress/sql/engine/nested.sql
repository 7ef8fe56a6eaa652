-- over: http
-- Nested columns are arrays of one length.
CREATE TABLE t (id UInt32, n Nested(k String, v UInt32)) ENGINE = MergeTree ORDER BY id;
INSERT INTO t VALUES (1, ['a', 'b'], [1, 2]), (2, [], []);
SELECT id, n.k, n.v FROM t ORDER BY id;
SELECT id, k, v FROM t ARRAY JOIN n.k AS k, n.v AS v ORDER BY id, k;
SELECT id, n.k, n.v FROM t ARRAY JOIN n ORDER BY id, n.k;
INSERT INTO t VALUES (3, ['x'], [1, 2]);
SELECT sum(length(n.k)), arraySum(groupArrayArray(n.v)) FROM t;
DESCRIBE TABLE t FORMAT TSV;
SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 't' ORDER BY position;
