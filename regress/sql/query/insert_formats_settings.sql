-- over: http
-- Statements with SETTINGS, FORMAT and comments in odd places.
SELECT 1 /* a */ + /* b */ 2 -- c
;
SELECT 1 FORMAT JSONCompactEachRow;
SELECT number FROM numbers(2) SETTINGS max_block_size = 1 FORMAT CSV;
SELECT number FROM numbers(2) ORDER BY number SETTINGS max_threads = 1, max_block_size = 1;
# a shell comment
SELECT 'a#b';
SELECT 1 AS `a b`, 2 AS "c d" FORMAT JSONEachRow;
CREATE TABLE t (a UInt8) ENGINE = Memory;
INSERT INTO t SETTINGS max_insert_block_size = 10 VALUES (1);
INSERT INTO t (a) SELECT 2 SETTINGS max_threads = 1;
SELECT sum(a) FROM t;
