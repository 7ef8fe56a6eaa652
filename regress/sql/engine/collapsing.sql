-- over: http
-- Collapsing: pairs of sign 1 and -1 cancel; the versioned kind does it in any order.
CREATE TABLE c (k UInt32, v UInt32, sign Int8) ENGINE = CollapsingMergeTree(sign) ORDER BY k;
INSERT INTO c VALUES (1, 10, 1), (2, 20, 1);
INSERT INTO c VALUES (1, 10, -1), (1, 11, 1);
SELECT k, v FROM c FINAL ORDER BY k;
SELECT k, sum(v * sign) FROM c GROUP BY k HAVING sum(sign) > 0 ORDER BY k;
OPTIMIZE TABLE c FINAL;
SELECT * FROM c ORDER BY k;
INSERT INTO c VALUES (2, 20, -1);
SELECT count() FROM c FINAL WHERE k = 2;
CREATE TABLE v (k UInt32, v UInt32, sign Int8, ver UInt32) ENGINE = VersionedCollapsingMergeTree(sign, ver) ORDER BY k;
INSERT INTO v VALUES (1, 10, -1, 1), (1, 12, 1, 2);
INSERT INTO v VALUES (1, 10, 1, 1), (2, 5, 1, 1);
SELECT k, v, ver FROM v FINAL ORDER BY k;
OPTIMIZE TABLE v FINAL;
SELECT * FROM v ORDER BY k;
CREATE TABLE bad (k UInt32, s UInt8) ENGINE = CollapsingMergeTree(s) ORDER BY k;
CREATE TABLE bad (k UInt32) ENGINE = CollapsingMergeTree ORDER BY k;
INSERT INTO c VALUES (9, 1, 5);
