-- over: pg
-- Enum types: their own order, their own name in catalogs and on the wire, new labels, what depends on them.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (m mood, k integer, ms mood[]);
INSERT INTO t VALUES ('ok', 1, '{sad,ok}'), ('sad', 2, NULL), ('happy', 3, '{}');
--! message
INSERT INTO t VALUES ('bad', 1, NULL);
--! message
INSERT INTO t VALUES (1, 1, NULL);
SELECT m, k, ms FROM t ORDER BY m;
SELECT m > 'sad', m::text, pg_typeof(m), pg_typeof(ms) FROM t ORDER BY k;
SELECT k FROM t WHERE m >= 'ok' ORDER BY k;
SELECT k FROM t WHERE m IN ('ok', 'happy') ORDER BY k;
SELECT k FROM t WHERE m = ANY ('{sad}') ORDER BY k;
SELECT min(m), max(m), count(DISTINCT m) FROM t;
SELECT m, count(*) FROM t GROUP BY m ORDER BY m DESC;
SELECT 'ok'::mood, 'sad'::mood < 'ok'::mood, 'ok'::public.mood;
--! message
SELECT 'nope'::mood;
--! message
SELECT m FROM t WHERE m = 'nope';
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid = t.oid FROM pg_attribute a, pg_type t
 WHERE attrelid = 't'::regclass AND attnum = 1 AND t.typname = 'mood';
SELECT enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE typname = 'mood' ORDER BY enumsortorder;
--! bind happy
SELECT k FROM t WHERE m = $1;
--! binary
SELECT m FROM t ORDER BY m;
ALTER TYPE mood ADD VALUE 'elated';
INSERT INTO t VALUES ('elated', 4, '{elated}');
SELECT m, k FROM t ORDER BY m DESC;
--! message
ALTER TYPE mood ADD VALUE 'ok';
--! message
DROP TYPE mood;
DROP TABLE t;
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
SELECT 'fine'::mood;
--! message
CREATE TYPE twice AS ENUM ('a', 'a');
DROP TYPE mood;
--! message
SELECT 'fine'::mood;
