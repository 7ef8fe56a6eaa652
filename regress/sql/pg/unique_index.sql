-- over: pg
-- CREATE UNIQUE INDEX and keys that are added later hold for the rows that are there, and for those that come.
CREATE TABLE t (a int, b text, c int NOT NULL);
INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 1), (3, NULL, 2), (4, NULL, 3);
--! message
CREATE UNIQUE INDEX t_c ON t (c);
CREATE UNIQUE INDEX t_b ON t (b);
--! message
INSERT INTO t VALUES (5, 'x', 4);
INSERT INTO t VALUES (5, NULL, 4);
--! message
UPDATE t SET b = 'y' WHERE a = 1;
UPDATE t SET b = 'z' WHERE a = 1;
INSERT INTO t VALUES (6, 'z', 9) ON CONFLICT (b) DO UPDATE SET c = excluded.c;
SELECT * FROM t ORDER BY a;
DROP INDEX t_b;
INSERT INTO t VALUES (7, 'z', 4);
--! message
CREATE UNIQUE INDEX t_b ON t (b);
CREATE UNIQUE INDEX t_bc ON t (b, c);
--! message
INSERT INTO t VALUES (8, 'z', 4);
INSERT INTO t VALUES (8, 'z', 5);
--! message
ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (c);
--! message
ALTER TABLE t ADD PRIMARY KEY (b);
ALTER TABLE t ADD PRIMARY KEY (a);
--! message
INSERT INTO t VALUES (8, 'q', 50);
ALTER TABLE t DROP CONSTRAINT t_pkey;
INSERT INTO t VALUES (8, 'q', 50);
--! message
ALTER TABLE t ADD PRIMARY KEY (a);
ALTER TABLE t ADD CONSTRAINT t_ac UNIQUE (a, c);
--! message
INSERT INTO t VALUES (8, 'r', 50);
REINDEX TABLE t;
REINDEX INDEX t_bc;
SELECT indexname FROM pg_indexes WHERE tablename = 't' ORDER BY 1;
DROP TABLE t;
