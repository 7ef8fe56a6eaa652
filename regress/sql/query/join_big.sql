-- over: http
-- Joins with more rows than a batch, several key columns, string keys, and both sides repeated.
CREATE TABLE f (k UInt32, s String, v UInt64) ENGINE = MergeTree ORDER BY k;
CREATE TABLE d (k UInt32, s String, name String) ENGINE = MergeTree ORDER BY k;
INSERT INTO f SELECT number % 1000, toString(number % 100), number FROM numbers(50000);
INSERT INTO d SELECT number, toString(number % 100), concat('n', toString(number)) FROM numbers(500);
SELECT count(), sum(v) FROM f JOIN d ON f.k = d.k;
SELECT count(), sum(v) FROM f JOIN d ON f.k = d.k AND f.s = d.s;
SELECT count(), sum(v) FROM f JOIN d ON f.s = d.s;
SELECT count(), countIf(d.name = '') FROM f LEFT JOIN d ON f.k = d.k;
SELECT d.name, sum(v) AS t FROM f JOIN d ON f.k = d.k GROUP BY d.name ORDER BY t DESC LIMIT 3;
SELECT count() FROM d RIGHT JOIN f ON f.k = d.k;
SELECT count() FROM (SELECT k FROM f WHERE k IN (SELECT k FROM d WHERE name LIKE 'n1%'));
