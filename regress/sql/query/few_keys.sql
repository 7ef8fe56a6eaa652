-- over: http
-- Keys that take few values in a batch are looked up by combination: dictionaries, constants, integers close together; nobody must notice.
CREATE TABLE few (c LowCardinality(String), f LowCardinality(FixedString(2)), n LowCardinality(Nullable(String)), s String, d Date, i Int8, w Int64, u UInt64) ENGINE = MergeTree ORDER BY u;
INSERT INTO few SELECT concat('country ', toString(number % 7)), toFixedString(substring('abcdef', number % 5 + 1, 2), 2), if(number % 3 = 0, NULL, toString(number % 4)), toString(number % 11), toDate('2020-01-01') + number % 20, number % 256 - 128, if(number % 2 = 0, -9223372036854775808, 9223372036854775807 - number % 3), number FROM numbers(50000);
SELECT c, f, count() AS k, sum(u) FROM few GROUP BY c, f ORDER BY c, f;
SELECT c, n, count() AS k, max(u) FROM few GROUP BY c, n ORDER BY k DESC, c, n LIMIT 9;
SELECT c, d, count() AS k FROM few WHERE u % 3 = 1 GROUP BY c, d ORDER BY k DESC, c, d LIMIT 7;
SELECT c, i, count() AS k FROM few GROUP BY c, i ORDER BY i, c LIMIT 5;
SELECT c, i, count() AS k FROM few GROUP BY c, i ORDER BY i DESC, c LIMIT 5;
SELECT c, w, count() AS k FROM few GROUP BY c, w ORDER BY c, w LIMIT 8;
SELECT f, toStartOfMonth(d) AS m, c, uniqExact(s), sum(w % 7) FROM few GROUP BY f, m, c ORDER BY f, m, c LIMIT 6;
SELECT 'x' AS one, c, f, n, count() AS k FROM few GROUP BY one, c, f, n ORDER BY k DESC, c, f, n LIMIT 4;
SELECT count(), sum(k) FROM (SELECT c, f, n, d, i, count() AS k FROM few GROUP BY c, f, n, d, i);
SELECT count(), sum(k) FROM (SELECT c, s, u % 300 AS m, count() AS k FROM few GROUP BY c, s, m);
SELECT c, f, count() FROM few GROUP BY c, f WITH TOTALS ORDER BY c, f LIMIT 2;
SELECT c, f, count() FROM few GROUP BY ROLLUP(c, f) ORDER BY c, f LIMIT 5;
SELECT DISTINCT c, f FROM few ORDER BY c, f LIMIT 3;
SELECT c, n, count() FROM few GROUP BY c, n ORDER BY c, n LIMIT 3 SETTINGS max_block_size = 7, max_threads = 1;
DROP TABLE few;
