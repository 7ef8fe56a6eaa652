-- over: http
-- SummingMergeTree: numbers add up by key, zero rows vanish, other columns keep a value; chosen columns; nested maps.
CREATE TABLE a (k UInt32, x UInt64, y Int32, s String) ENGINE = SummingMergeTree ORDER BY k;
INSERT INTO a VALUES (1, 10, -1, 'a'), (2, 5, 5, 'b');
INSERT INTO a VALUES (1, 1, 1, 'z'), (3, 0, 0, 'gone');
SELECT k, x, y FROM a FINAL ORDER BY k;
OPTIMIZE TABLE a FINAL;
SELECT k, x, y, s FROM a ORDER BY k;
CREATE TABLE b (k UInt32, x UInt64, y UInt64) ENGINE = SummingMergeTree(x) ORDER BY k;
INSERT INTO b VALUES (1, 1, 100);
INSERT INTO b VALUES (1, 2, 200);
SELECT k, x, y FROM b FINAL;
CREATE TABLE c (k UInt32, m Nested(key UInt8, val UInt32)) ENGINE = SummingMergeTree ORDER BY k;
CREATE TABLE d (k UInt32, mMap Nested(key UInt8, val UInt32)) ENGINE = SummingMergeTree ORDER BY k;
INSERT INTO d VALUES (1, [1, 2], [10, 20]);
INSERT INTO d VALUES (1, [2, 3], [5, 7]);
SELECT k, mMap.key, mMap.val FROM d FINAL;
CREATE TABLE e (k UInt32, v Decimal(10, 2), f Float64, n Nullable(Int32)) ENGINE = SummingMergeTree ORDER BY k;
INSERT INTO e VALUES (1, 1.25, 0.5, NULL);
INSERT INTO e VALUES (1, 2.50, 0.25, 4);
SELECT * FROM e FINAL;
CREATE TABLE f (k UInt8, s String) ENGINE = SummingMergeTree(s) ORDER BY k;
INSERT INTO a VALUES (7, 1, 1, 'q'), (7, 2, 2, 'r');
SELECT k, sum(x) FROM a WHERE k = 7 GROUP BY k;
