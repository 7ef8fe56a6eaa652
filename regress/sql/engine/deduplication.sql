-- over: http hand
-- A retried INSERT is known again, by its token or by its rows, and does nothing then, materialized views included, which the reference engine feeds again; and insert_deduplicate = 0 is off here, where there only deduplicate_insert is. What can break: the order of rows, what counts as the same block, views that are fed although the table drops the rows.
CREATE TABLE t (p UInt8, a Int32, s String) ENGINE = MergeTree PARTITION BY p ORDER BY a SETTINGS non_replicated_deduplication_window = 100;
CREATE TABLE sums (p UInt8, c UInt64) ENGINE = MergeTree ORDER BY p;
CREATE MATERIALIZED VIEW mv TO sums AS SELECT p, count() AS c FROM t GROUP BY p;
INSERT INTO t VALUES (1, 1, 'a string that is long enough'), (2, 2, '');
INSERT INTO t VALUES (1, 1, 'a string that is long enough'), (2, 2, '');
SELECT * FROM t ORDER BY ALL;
SELECT p, sum(c) FROM sums GROUP BY p ORDER BY p;
INSERT INTO t VALUES (1, 1, 'a string that is long enough'), (2, 3, '');
SELECT p, a FROM t ORDER BY ALL;
INSERT INTO t SETTINGS insert_deduplicate = 0 VALUES (1, 1, 'a string that is long enough'), (2, 2, '');
SELECT count() FROM t;
INSERT INTO t SETTINGS insert_deduplication_token = 'one' VALUES (3, 1, 'x');
INSERT INTO t SETTINGS insert_deduplication_token = 'one' VALUES (3, 2, 'y');
INSERT INTO t SETTINGS insert_deduplication_token = 'two' VALUES (3, 1, 'x');
SELECT a, s FROM t WHERE p = 3 ORDER BY ALL;
INSERT INTO t SETTINGS insert_deduplicate = 0, insert_deduplication_token = 'two' VALUES (3, 5, 'z');
SELECT count() FROM t WHERE p = 3;
INSERT INTO t SELECT 4, number, toString(number) FROM numbers(100000);
INSERT INTO t SELECT 4, number, toString(number) FROM numbers(100000);
SELECT count(), sum(a) FROM t WHERE p = 4;
SELECT p, sum(c) FROM sums GROUP BY p ORDER BY p;
CREATE TABLE plain (a Int32) ENGINE = MergeTree ORDER BY a;
INSERT INTO plain VALUES (1);
INSERT INTO plain VALUES (1);
SELECT count() FROM plain;
