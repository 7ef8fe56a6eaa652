-- over: http
-- Bool and Enum.
CREATE TABLE t (b Bool, e Enum8('hello' = 1, 'world' = 2, 'neg' = -5), n Nullable(Bool), e16 Enum('a', 'b')) ENGINE = MergeTree ORDER BY e;
INSERT INTO t VALUES (true, 'hello', NULL, 'a'), (false, 'world', true, 'b'), (1, 'neg', 0, 2);
SELECT * FROM t;
SELECT b, NOT b, b AND true, toUInt8(b), toString(b), b = 1 FROM t ORDER BY e;
SELECT e, toInt8(e), e = 'world', CAST(e AS String), e > 'hello', e IN ('hello', 'neg') FROM t ORDER BY e;
SELECT toTypeName(e), toTypeName(e16), toTypeName(b), toTypeName(b AND b) FROM t LIMIT 1;
INSERT INTO t (e) VALUES ('unknown');
INSERT INTO t (b) VALUES ('maybe');
SELECT CAST('x' AS Enum8('a' = 1));
SELECT CAST(1 AS Enum8('a' = 1)), CAST('yes' AS Bool), CAST('f' AS Bool), toBool('no'), true + 1;
SELECT e, count() FROM t GROUP BY e ORDER BY e;
SELECT countIf(b), sum(b), max(b), groupArray(e) FROM (SELECT * FROM t ORDER BY e);
CREATE TABLE bad (e Enum8('a' = 1, 'a' = 2)) ENGINE = Memory;
CREATE TABLE bad (e Enum8('a' = 1000)) ENGINE = Memory;
ALTER TABLE t MODIFY COLUMN e Enum8('hello' = 1, 'world' = 2, 'neg' = -5, 'more' = 7);
INSERT INTO t (e) VALUES ('more');
SELECT count() FROM t WHERE e = 'more';
