-- over: pg
-- Booleans and NULL in PostgreSQL.
SELECT true, false, NULL::boolean, true AND NULL, false AND NULL, true OR NULL, false OR NULL, NOT true, NOT NULL::boolean;
SELECT 1 = 1, 1 <> 2, NULL = NULL, NULL IS NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL, true IS TRUE, NULL IS NOT TRUE, false IS UNKNOWN, (1 = NULL) IS UNKNOWN;
SELECT coalesce(NULL, 5), coalesce(NULL, NULL, 'x'), nullif(1, 1), nullif(1, 2), num_nulls(1, NULL, NULL), num_nonnulls(1, NULL);
SELECT CASE WHEN NULL THEN 1 ELSE 2 END, CASE 1 WHEN 1 THEN 'a' END, CASE WHEN false THEN 1 END, CASE NULL WHEN NULL THEN 1 ELSE 0 END;
SELECT 5 BETWEEN 1 AND 10, 5 NOT BETWEEN 1 AND 10, 5 BETWEEN SYMMETRIC 10 AND 1, 1 IN (1, NULL), 2 IN (1, NULL), 2 NOT IN (1, NULL);
SELECT x FROM (VALUES (1), (NULL), (3)) AS t(x) ORDER BY x;
SELECT x FROM (VALUES (1), (NULL), (3)) AS t(x) ORDER BY x DESC;
SELECT x FROM (VALUES (1), (NULL), (3)) AS t(x) ORDER BY x DESC NULLS LAST;
SELECT count(*), count(x), sum(x), avg(x) FROM (VALUES (1), (NULL), (3)) AS t(x);
SELECT bool_and(x), bool_or(x), every(x) FROM (VALUES (true), (false), (NULL)) AS t(x);
SELECT 'a' WHERE NULL;
SELECT 1 WHERE 5;
SELECT NOT 1;
