-- over: http
-- Columns that are mostly default, sorted runs and constants come back as written.
CREATE TABLE t (k UInt32, mostly UInt32, s String, c UInt8) ENGINE = MergeTree ORDER BY k SETTINGS ratio_of_defaults_for_sparse_serialization = 0.9;
INSERT INTO t SELECT number, if(number % 100 = 0, number, 0), if(number % 500 = 0, 'set', ''), 7 FROM numbers(30000);
SELECT count(), sum(mostly), countIf(s = 'set'), sum(c) FROM t;
SELECT count() FROM t WHERE mostly = 0;
SELECT k, mostly, s FROM t WHERE mostly > 29700 ORDER BY k;
SELECT s, count() FROM t GROUP BY s ORDER BY s;
OPTIMIZE TABLE t FINAL;
SELECT sum(mostly), countIf(s != '') FROM t;
SELECT max(mostly) FROM t WHERE s = 'set' AND k < 10000;
