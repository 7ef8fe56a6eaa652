-- over: http
-- SAMPLE reads a range of the key: counts, offsets, rows instead of shares, the factor; what has no sampling key refuses.
CREATE TABLE t (k UInt64, u UInt32) ENGINE = MergeTree ORDER BY (k, u) SAMPLE BY u;
INSERT INTO t SELECT number % 10, intHash32(number) FROM numbers(10000);
SELECT count(), any(_sample_factor) FROM t SAMPLE 1/10;
SELECT count(), any(_sample_factor) FROM t SAMPLE 1000;
SELECT count() FROM t SAMPLE 1/10 OFFSET 1/2;
SELECT count() FROM t SAMPLE 1/2 OFFSET 1/2;
SELECT count() FROM t SAMPLE 1/2 OFFSET 1;
SELECT count(), any(_sample_factor) FROM t SAMPLE 100000;
SELECT sum(_sample_factor) FROM t;
SELECT count() FROM t AS x SAMPLE 0.1 WHERE x.k = 1;
SELECT count() FROM t SAMPLE 0.2 PREWHERE k = 1;
SELECT k, count() FROM t SAMPLE 1/4 GROUP BY k ORDER BY k LIMIT 3;
SELECT count() FROM (SELECT u FROM t SAMPLE 1/2 EXCEPT SELECT u FROM t WHERE u < 2147483648);
SELECT count() FROM numbers(10) SAMPLE 0.1;
CREATE TABLE n (k UInt64) ENGINE = MergeTree ORDER BY k;
SELECT count() FROM n SAMPLE 0.1;
CREATE VIEW p AS SELECT k, u FROM t WHERE k = {x:UInt8} AND toString(u) != {s:String};
SELECT count() FROM p(x = 5, s = 'a\tb');
SELECT count() FROM p(x = 3, s = '1') AS q WHERE q.k = 3;
SELECT count() FROM p(x = 5);
