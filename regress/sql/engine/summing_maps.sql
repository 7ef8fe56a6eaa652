-- over: http
-- SummingMergeTree adds up nested columns whose name ends in Map by their keys; keys whose sums are all zero go.
CREATE TABLE d (k UInt32, mMap Nested(key UInt8, val Int32)) ENGINE = SummingMergeTree ORDER BY k;
INSERT INTO d VALUES (1, [2, 1, 2], [10, 20, 1]);
INSERT INTO d VALUES (1, [2, 3], [-11, 7]), (2, [5,4,5],[1,2,3]), (3, [1],[0]);
INSERT INTO d VALUES (4, [1],[5]);
INSERT INTO d VALUES (4, [1],[-5]);
SELECT * FROM d FINAL ORDER BY k;
CREATE TABLE e (k UInt32, aMap Nested(name String, xKey UInt8, val Int32, f Float64)) ENGINE = SummingMergeTree ORDER BY k;
INSERT INTO e VALUES (1, ['a','b'], [1,2],[10, 20],[0.5,1]);
INSERT INTO e VALUES (1, ['b','a','a'], [2,1,3],[-20, 1, 3],[-1,1,4]);
INSERT INTO e VALUES (2, ['b','a'], [2,1],[0, 1],[0,1]);
SELECT * FROM e FINAL ORDER BY k;
CREATE TABLE f (k UInt32, x UInt8, sMap Nested(id String, val Int32), tMap Nested(a Float64, v UInt8), uMap Nested(a UInt8, v String), nMap Nested(a UInt8)) ENGINE = SummingMergeTree ORDER BY k;
INSERT INTO f VALUES (1, 1, ['b'],[1],[1],[1],[1],['x'],[9]);
INSERT INTO f VALUES (1, 2, ['a','b'],[1,2],[1],[1],[1],['x'],[9]);
SELECT * FROM f FINAL ORDER BY k;
CREATE TABLE g (k UInt32, y UInt8, dMap Nested(dID Date, val UInt8)) ENGINE = SummingMergeTree(y) ORDER BY k;
INSERT INTO g VALUES (1, 1, [1],[200]);
INSERT INTO g VALUES (1, 2, [1,0],[100,3]);
SELECT * FROM g FINAL ORDER BY k;
CREATE TABLE h (k UInt32, y UInt8, dMap Nested(dID Date, val UInt8)) ENGINE = SummingMergeTree(dMap.val) ORDER BY k;
CREATE TABLE i (k UInt32, y UInt8, dMap Nested(dID Date, val UInt8)) ENGINE = SummingMergeTree(dMap) ORDER BY k;
INSERT INTO i VALUES (1, 1, [1],[200]);
INSERT INTO i VALUES (1, 2, [1,0],[100,3]);
SELECT * FROM i FINAL ORDER BY k;
