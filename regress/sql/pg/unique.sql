-- over: pg
-- PRIMARY KEY and UNIQUE: within a statement, against the table, across updates, deletes and rollbacks; NULLs are never equal.
CREATE TABLE k (id integer PRIMARY KEY, email text UNIQUE, v integer);
INSERT INTO k VALUES (1, 'a', 1), (2, 'b', 2);
--! message
INSERT INTO k VALUES (1, 'c', 1);
--! message
INSERT INTO k VALUES (3, 'b', 1);
INSERT INTO k VALUES (3, 'x', 1), (3, 'y', 1);
INSERT INTO k VALUES (4, NULL, 1), (5, NULL, 1);
UPDATE k SET id = 2 WHERE id = 1;
UPDATE k SET email = 'a' WHERE id = 4;
UPDATE k SET v = v + 1;
UPDATE k SET id = id + 10 WHERE id < 3;
SELECT * FROM k ORDER BY id;
BEGIN;
DELETE FROM k WHERE id = 11;
INSERT INTO k VALUES (11, 'a', 5);
INSERT INTO k VALUES (6, 'f', 6);
ROLLBACK;
INSERT INTO k VALUES (6, 'f', 6);
DELETE FROM k WHERE id = 6;
INSERT INTO k VALUES (6, 'f', 7);
SELECT * FROM k ORDER BY id;
INSERT INTO k SELECT n, 'm' || n, n FROM generate_series(100, 30000) AS n;
INSERT INTO k SELECT n, 'n' || n, n FROM generate_series(30001, 30010) AS n;
INSERT INTO k VALUES (20000, 'q', 1);
INSERT INTO k VALUES (40000, 'm5000', 1);
INSERT INTO k SELECT n, 'o' || n, n FROM generate_series(29000, 40000) AS n;
SELECT count(*), count(DISTINCT id), count(DISTINCT email) FROM k;
CREATE TABLE two (a integer, b date, PRIMARY KEY (a, b));
INSERT INTO two VALUES (1, '2024-01-01'), (1, '2024-01-02'), (2, '2024-01-01');
--! message
INSERT INTO two VALUES (1, '2024-01-02');
INSERT INTO two VALUES (NULL, '2024-01-02');
UPDATE two SET b = '2024-01-02' WHERE a = 2;
UPDATE two SET b = '2024-01-02';
SELECT * FROM two ORDER BY a, b;
BEGIN;
INSERT INTO two VALUES (7, '2024-01-01');
INSERT INTO two VALUES (7, '2024-01-01');
ROLLBACK;
SELECT count(*) FROM two;
