-- over: pg
-- Domains: their CHECKs and NOT NULL hold for columns of them; a domain in use is not dropped; names as PostgreSQL chooses.
CREATE DOMAIN posint AS int CHECK (value > 0);
CREATE DOMAIN zip AS text CONSTRAINT zip_form CHECK (value ~ '^\d{5}$') NOT NULL;
CREATE TABLE t (a posint, "Z" zip DEFAULT '12345', n int);
INSERT INTO t VALUES (1, '54321', 1);
INSERT INTO t (a) VALUES (2);
INSERT INTO t VALUES (0, '54321', 1);
INSERT INTO t VALUES (1, 'abc', 1);
INSERT INTO t VALUES (1, NULL, 1);
INSERT INTO t VALUES (NULL, '11111', 1);
SELECT a, "Z", n FROM t ORDER BY a;
UPDATE t SET a = -1 WHERE a = 1;
SELECT count(*) FROM t WHERE a < 0;
SELECT a + 1 FROM t ORDER BY 1 NULLS FIRST;
DROP DOMAIN posint;
SELECT conname FROM pg_constraint WHERE contypid = 'posint'::regtype;
SELECT a.attname, a.atttypid = 'posint'::regtype FROM pg_attribute a WHERE a.attrelid = 't'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT typname, typtype, typbasetype::regtype, typnotnull FROM pg_type WHERE typname IN ('posint', 'zip') ORDER BY 1;
ALTER DOMAIN posint DROP CONSTRAINT posint_check;
INSERT INTO t VALUES (-5, '11111', 1);
SELECT min(a) FROM t;
ALTER TABLE t DROP COLUMN a;
DROP DOMAIN posint;
