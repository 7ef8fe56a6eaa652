-- over: http
-- Aliases are visible everywhere in the clickhouse dialect.
SELECT 1 AS a, a + 1 AS b, b * 2 AS c;
SELECT number AS n, n % 2 AS p FROM numbers(6) WHERE p = 1 ORDER BY n;
SELECT sum(number) AS s, s / count() AS a FROM numbers(5);
SELECT number AS x FROM numbers(3) AS t WHERE t.number > 0 AND x < 2;
SELECT (number AS k) + 1, k FROM numbers(2) ORDER BY k;
SELECT number % 2 AS number, count() FROM numbers(4) GROUP BY number ORDER BY number;
SELECT 1 `strange name`, 2 AS "other name" FORMAT TSVWithNames;
SELECT a FROM (SELECT 1 AS a, 2 AS a);
SELECT 1 AS x, 2 AS x;
SELECT max(number) AS number FROM numbers(3);
SELECT if(a > 1, 'big', 'small') AS size, size || '!' FROM (SELECT 2 AS a);
CREATE TABLE alias_t (id Int32, p String, v Int32) ENGINE = Memory;
INSERT INTO alias_t VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 2);
SELECT x.p x, count(DISTINCT alias_t.id) y FROM alias_t JOIN (SELECT v, argMin(p, id) p FROM alias_t GROUP BY v) x ON x.v = alias_t.v WHERE x.p != '' GROUP BY x ORDER BY y DESC;
DROP TABLE alias_t;
