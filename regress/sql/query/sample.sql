-- over: http
-- SAMPLE takes a part of the key's range; SAMPLE 1 is everything.
CREATE TABLE t (k UInt64, u UInt32) ENGINE = MergeTree ORDER BY (k, u) SAMPLE BY u;
INSERT INTO t SELECT number % 10, intHash32(number) FROM numbers(10000);
SELECT count() FROM t SAMPLE 1;
SELECT count() > 500 AND count() < 2000 FROM t SAMPLE 0.1;
SELECT count() > 500 AND count() < 2000 FROM t SAMPLE 1/10;
SELECT (SELECT count() FROM t SAMPLE 1/2) + (SELECT count() FROM t SAMPLE 1/2 OFFSET 1/2);
