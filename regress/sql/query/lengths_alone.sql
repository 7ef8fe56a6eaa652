-- over: http
-- Where only lengths of strings are asked for, only these are read: wide, compact, sparse and added columns.
CREATE TABLE wide (k UInt32, s String, t String) ENGINE = MergeTree ORDER BY k
    SETTINGS index_granularity = 64, min_bytes_for_wide_part = 0;
CREATE TABLE compact (k UInt32, s String, t String) ENGINE = MergeTree ORDER BY k SETTINGS index_granularity = 64;
INSERT INTO wide SELECT number, repeat('x', number % 13), if(number % 100 = 3, 'rare', '') FROM numbers(1000);
INSERT INTO compact SELECT * FROM wide;
SELECT sum(length(s)), countIf(s != ''), countIf(s = ''), countIf(empty(s)), countIf(notEmpty(s)) FROM wide;
SELECT sum(length(s)), countIf(s != ''), countIf('' = s), countIf(empty(s)), countIf(notEmpty(s)) FROM compact;
SELECT sum(length(t)), count() FROM wide WHERE t <> '';
SELECT sum(length(t)), count() FROM compact WHERE t <> '';
SELECT length(t), count() FROM wide GROUP BY length(t) ORDER BY 1;
SELECT length(s) AS n, length(t) FROM wide WHERE k BETWEEN 100 AND 104 ORDER BY k;
SELECT length(s), s FROM wide WHERE k = 5;
SELECT length(s) > 5 AS long, avg(length(s)) FROM compact WHERE s != '' GROUP BY long ORDER BY long;
SELECT max(length(s)) FROM wide WHERE s != 'x';
SELECT arrayMap(x -> x + length(s), [1, 2]) FROM wide WHERE k = 7;
ALTER TABLE wide ADD COLUMN u String DEFAULT repeat('u', k % 3), ADD COLUMN v String;
SELECT sum(length(u)), sum(length(v)), countIf(u = ''), countIf(v = '') FROM wide;
SELECT sum(length(s)), countIf(s != '') FROM wide SETTINGS optimize_functions_to_subcolumns = 0;
DROP TABLE wide;
DROP TABLE compact;
