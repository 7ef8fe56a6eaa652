-- over: http
-- Values, out and in.
CREATE TABLE t (a UInt32, s String, n Nullable(Int32), arr Array(String), d Date) ENGINE = MergeTree ORDER BY a;
INSERT INTO t VALUES (1, 'it''s', NULL, ['a', 'b''c'], '2024-01-01'), (2, 'x\ny', 5, [], toDate('2024-01-01') + 1);
SELECT * FROM t ORDER BY a FORMAT Values;
SELECT * FROM t ORDER BY a;
INSERT INTO t FORMAT Values
(3, 'fmt', 1, [], '2024-01-01'), (4, 'y', -1, [''], 0)
\.
INSERT INTO t VALUES (5, 'trailing', NULL, [], 0),;
SELECT count() FROM t;
INSERT INTO t (a) VALUES (6) (7);
SELECT count() FROM t;
INSERT INTO t (a, s) VALUES (8, concat('e', 'x')), (9, toString(1 + 1));
SELECT s FROM t WHERE a >= 8 ORDER BY a;
INSERT INTO t (a) VALUES (now());
SELECT 1, 'a', NULL, [1], (1, 'b'), map('k', 'v'), toDate('2024-01-01') FORMAT Values;
