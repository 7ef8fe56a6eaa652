-- over: http
-- Two ways to the same answer: each statement must return nothing or 1.
CREATE TABLE t (k UInt32, g UInt8, s String, v Int64) ENGINE = MergeTree ORDER BY k SETTINGS index_granularity = 512;
INSERT INTO t SELECT number, number % 17, toString(intHash32(number) % 1000), toInt64(intHash64(number) % 100000) - 50000 FROM numbers(30000);
SELECT g, sum(v), count() FROM t GROUP BY g EXCEPT SELECT g, sum(v), count() FROM t GROUP BY g SETTINGS max_threads = 1;
SELECT (SELECT sum(v) FROM t WHERE k < 15000) + (SELECT sum(v) FROM t WHERE k >= 15000) = (SELECT sum(v) FROM t);
SELECT (SELECT groupArray(k) FROM (SELECT k FROM t ORDER BY v, k LIMIT 100)) = (SELECT groupArray(k) FROM (SELECT k FROM (SELECT k, v FROM t ORDER BY v, k) LIMIT 100));
SELECT (SELECT count() FROM t WHERE s IN ('1', '2', '3')) = (SELECT count() FROM t WHERE s = '1' OR s = '2' OR s = '3');
SELECT (SELECT uniqExact(s) FROM t) = (SELECT count() FROM (SELECT DISTINCT s FROM t));
SELECT (SELECT sum(cityHash64(*)) FROM t PREWHERE g = 3) = (SELECT sum(cityHash64(*)) FROM t WHERE g = 3);
SELECT (SELECT sum(x.v) FROM t AS x JOIN t AS y ON x.k = y.k) = (SELECT sum(v) FROM t);
SELECT (SELECT sum(v) FROM t WHERE k IN (SELECT k FROM t WHERE g = 5)) = (SELECT sum(v) FROM t WHERE g = 5);
SELECT (SELECT sum(c) FROM (SELECT s, count() AS c FROM t GROUP BY s)) = 30000;
SELECT (SELECT sumMerge(st) FROM (SELECT g, sumState(v) AS st FROM t GROUP BY g)) = (SELECT sum(v) FROM t);
SELECT (SELECT sum(v) FROM t SETTINGS max_block_size = 100) = (SELECT sum(v) FROM t);
SELECT g, max(k) FROM t GROUP BY g EXCEPT SELECT g, max(k) FROM t GROUP BY g SETTINGS max_block_size = 777;
