-- over: http
-- *, EXCEPT, REPLACE, APPLY, COLUMNS, qualified stars.
SELECT * FROM (SELECT 1 AS a, 2 AS b, 3 AS c);
SELECT * EXCEPT (b) FROM (SELECT 1 AS a, 2 AS b, 3 AS c);
SELECT * EXCEPT b FROM (SELECT 1 AS a, 2 AS b, 3 AS c);
SELECT * REPLACE (a + 10 AS a) FROM (SELECT 1 AS a, 2 AS b);
SELECT x.*, 5 FROM (SELECT 1 AS a, 2 AS b) AS x;
SELECT * APPLY(toString) FROM (SELECT 1 AS a, 2 AS b);
SELECT COLUMNS('^a') FROM (SELECT 1 AS aa, 2 AS ab, 3 AS c);
SELECT *, a + b AS s FROM (SELECT 1 AS a, 2 AS b);
SELECT * EXCEPT (nothing) FROM (SELECT 1 AS a);
SELECT count(*), count(1) FROM (SELECT 1 AS a);
SELECT *, * FROM (SELECT 1 AS a) FORMAT TSVWithNames;
