-- over: pg
-- INSERT forms.
CREATE TABLE t (a integer, b text, c numeric(6, 2), d date);
INSERT INTO t VALUES (1, 'x', 1.5, '2024-01-01');
INSERT INTO t (b, a) VALUES ('y', 2), ('z', 3);
INSERT INTO t SELECT n, 'gen' || n, n / 2.0, date '2024-01-01' + n FROM generate_series(10, 12) AS n;
INSERT INTO t DEFAULT VALUES;
INSERT INTO t VALUES (4, NULL, NULL, NULL), (5, 'it''s', 2, 'Jan 5, 2024');
SELECT * FROM t ORDER BY a, b;
INSERT INTO t VALUES ('abc');
INSERT INTO t VALUES (1, 2, 3, '2024-01-01', 5);
INSERT INTO t (a, b) VALUES (1);
INSERT INTO t (nothing) VALUES (1);
INSERT INTO missing VALUES (1);
INSERT INTO t (a) VALUES (99999999999);
INSERT INTO t (a) SELECT 'text';
SELECT count(*) FROM t;
INSERT INTO t (a, b) VALUES (20, E'tab\tnl\n\\'), (21, $$dollar$$), (22, 'é😀');
SELECT a, b FROM t WHERE a >= 20 ORDER BY a;
INSERT INTO t (a, b) VALUES (30, 'ret') RETURNING a, upper(b);
WITH x AS (SELECT 40 AS a) INSERT INTO t (a) SELECT a FROM x;
SELECT a FROM t WHERE a = 40;
