-- over: http
-- PREWHERE gives what WHERE gives; primary key and partition pruning do not change answers.
CREATE TABLE t (d Date, k UInt32, s String, v Int64) ENGINE = MergeTree PARTITION BY toYYYYMM(d) ORDER BY (k, d) SETTINGS index_granularity = 128;
INSERT INTO t SELECT toDate('2024-01-01') + number % 90, number % 1000, toString(number % 7), number FROM numbers(20000);
SELECT count(), sum(v) FROM t PREWHERE k = 5;
SELECT count(), sum(v) FROM t PREWHERE k = 5 WHERE s = '3';
SELECT count(), sum(v) FROM t WHERE k BETWEEN 10 AND 20 AND d >= '2024-02-01' AND d < '2024-03-01';
SELECT count() FROM t WHERE d = '2024-01-15';
SELECT count() FROM t WHERE toYYYYMM(d) = 202402;
SELECT count() FROM t WHERE k IN (1, 500, 999) AND s != '0';
SELECT count() FROM t WHERE k > 990 OR k < 3;
SELECT count() FROM t WHERE NOT (k < 990);
SELECT min(v), max(v) FROM t WHERE s LIKE '5%' AND v % 2 = 0;
SELECT count() FROM t WHERE k = 5000;
SELECT count() FROM t PREWHERE s = '1' AND v > 100;
SELECT k, count() FROM t WHERE toString(k) = '77' GROUP BY k;
SELECT v FROM t WHERE k = 7 ORDER BY v LIMIT 2;
SELECT count(), min(d), max(d) FROM t WHERE toStartOfMonth(d) = '2024-03-01';
