-- over: http
-- ReplacingMergeTree: the last row, or the one of the greatest version; deleted rows vanish.
CREATE TABLE a (k UInt32, v String) ENGINE = ReplacingMergeTree ORDER BY k;
INSERT INTO a VALUES (1, 'first'), (2, 'x');
INSERT INTO a VALUES (1, 'second');
SELECT * FROM a FINAL ORDER BY k;
OPTIMIZE TABLE a FINAL;
SELECT * FROM a ORDER BY k;
CREATE TABLE b (k UInt32, v String, ver UInt32) ENGINE = ReplacingMergeTree(ver) ORDER BY k;
INSERT INTO b VALUES (1, 'new', 9);
INSERT INTO b VALUES (1, 'old', 3), (2, 'only', 1);
SELECT k, v FROM b FINAL ORDER BY k;
OPTIMIZE TABLE b FINAL;
SELECT k, v FROM b ORDER BY k;
CREATE TABLE c (k UInt32, v String, ver DateTime64(3), del UInt8) ENGINE = ReplacingMergeTree(ver, del) ORDER BY k;
INSERT INTO c VALUES (1, 'a', 1, 0), (2, 'b', 1, 0);
INSERT INTO c VALUES (1, 'a', 2, 1), (2, 'bb', 2, 0);
SELECT k, v FROM c FINAL ORDER BY k;
INSERT INTO c VALUES (1, 'back', 3, 0);
SELECT k, v FROM c FINAL ORDER BY k;
SELECT k, argMax(v, ver) FROM c GROUP BY k ORDER BY k;
SELECT k, v FROM c ORDER BY k, ver DESC LIMIT 1 BY k;
CREATE TABLE d (k UInt32, v UInt8) ENGINE = ReplacingMergeTree(nothing) ORDER BY k;
CREATE TABLE e (k UInt32, v String) ENGINE = ReplacingMergeTree(v) ORDER BY k;
INSERT INTO a VALUES (5, 'one'), (5, 'two'), (5, 'three');
SELECT v FROM a FINAL WHERE k = 5;
CREATE TABLE p (d Date, k UInt32, v UInt32) ENGINE = ReplacingMergeTree(v) PARTITION BY toYYYYMM(d) ORDER BY k;
INSERT INTO p VALUES ('2024-01-01', 1, 1), ('2024-02-01', 1, 2);
SELECT count() FROM p FINAL;
