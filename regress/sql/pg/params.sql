-- over: pg
-- The extended protocol with parameters.
--! bind 5|hello
SELECT $1::int + 1, $2::text;
--! bind 3
SELECT n FROM generate_series(1, 5) AS n WHERE n > $1 ORDER BY n;
--! bind \N
SELECT $1::int IS NULL, coalesce($1, 7);
--! bind 2024-01-31
SELECT $1::date + 1, $1::date;
--! bind {1,2}|2
SELECT $2::int = ANY ($1::int[]);
CREATE TABLE t (a integer, b text, c numeric(5, 2));
--! bind 1|one|1.5
INSERT INTO t VALUES ($1, $2, $3);
--! bind abc
SELECT $1::int;
--! bind 1
SELECT b, c FROM t WHERE a = $1;
--! bind 1
SELECT a FROM t ORDER BY a LIMIT $1;
PREPARE p (int) AS SELECT a, b FROM t WHERE a = $1;
EXECUTE p(1);
EXECUTE p(2);
DEALLOCATE p;
EXECUTE p(1);
--! bind 1
SELECT $1, $2;
--! bind o'k
SELECT $1 || '!';
