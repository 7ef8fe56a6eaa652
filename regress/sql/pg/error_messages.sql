-- over: pg
-- Texts that people and tools read.
--! message
SELECT * FROM missing;
--! message
SELECT missing FROM (SELECT 1 AS a) x;
--! message
SELECT 1 / 0;
--! message
SELECT 'a'::int;
--! message
SELEC 1;
--! message
SELECT 2147483647 + 1;
--! message
SELECT nosuchfunction(1);
CREATE TABLE t (a integer NOT NULL, v varchar(3));
--! message
INSERT INTO t VALUES (NULL, 'x');
--! message
INSERT INTO t VALUES (1, 'long');
--! message
CREATE TABLE t (a integer);
--! message
INSERT INTO t VALUES (1, 'a', 3);
