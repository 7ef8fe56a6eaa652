-- over: pg
-- SELECT in PostgreSQL: aliases, order, limits, VALUES, stars.
SELECT 1 AS a, 'x' AS "B c";
--! names
SELECT 1 AS Upper, 2 AS "Upper", 3, 'a'::text, count(*), now() IS NULL AS n FROM (SELECT 1) AS q;
VALUES (1, 'a'), (2, 'b');
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(n, s) ORDER BY n DESC;
SELECT t.*, n + 1 FROM (VALUES (1), (2)) AS t(n) ORDER BY n LIMIT 1 OFFSET 1;
SELECT n FROM generate_series(1, 10) AS n ORDER BY n DESC LIMIT 3;
SELECT n FROM generate_series(1, 10) AS n ORDER BY n OFFSET 7;
SELECT n FROM generate_series(1, 10) AS n ORDER BY n FETCH FIRST 2 ROWS ONLY;
SELECT n FROM generate_series(1, 10) AS n ORDER BY n LIMIT ALL OFFSET 8;
SELECT n / 4 AS g FROM generate_series(1, 10) AS n ORDER BY g FETCH FIRST 4 ROWS WITH TIES;
SELECT generate_series(1, 3);
SELECT n, -n FROM generate_series(1, 3) AS n ORDER BY -n;
SELECT n FROM generate_series(5, 1, -2) AS n;
SELECT n FROM generate_series(1, 3) AS n WHERE n = 2 OR n = 3 ORDER BY 1;
SELECT n AS x FROM generate_series(1, 3) AS n ORDER BY x DESC;
SELECT n AS x FROM generate_series(1, 3) AS n WHERE x = 1;
SELECT;
SELECT 1 LIMIT -1;
TABLE missing;
SELECT a FROM (SELECT 1 AS a);
SELECT 1 ORDER BY 2;
SELECT ROW(1, 'a'), (1, 2) = (1, 2), (1, 2) < (1, 3), ROW(1, NULL) IS NULL;
