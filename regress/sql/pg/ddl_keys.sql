-- over: pg
-- Constraints and indexes that are accepted.
CREATE TABLE p (id integer PRIMARY KEY, email text UNIQUE, n integer CHECK (n > 0));
INSERT INTO p VALUES (1, 'a@b', 5);
INSERT INTO p VALUES (2, 'c@d', -1);
INSERT INTO p VALUES (NULL, 'e@f', 1);
SELECT * FROM p ORDER BY id;
CREATE INDEX i ON p (email);
CREATE INDEX IF NOT EXISTS i ON p (email);
DROP INDEX i;
CREATE TABLE s (id serial, v text);
INSERT INTO s (v) VALUES ('a'), ('b');
SELECT v FROM s ORDER BY v;
CREATE TABLE q (a integer, b integer, PRIMARY KEY (a, b));
INSERT INTO q VALUES (1, 1), (1, 2);
SELECT count(*) FROM q;
COMMENT ON TABLE q IS 'a comment';
SELECT obj_description('q'::regclass);
