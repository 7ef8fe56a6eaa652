-- over: http
-- The other JSON formats, in.
CREATE TABLE t (a UInt32, s String) ENGINE = MergeTree ORDER BY a;
INSERT INTO t FORMAT JSONCompactEachRow
[1, "x"]
[2, "y"]
\.
INSERT INTO t FORMAT JSONCompactEachRowWithNames
["s", "a"]
["z", 3]
\.
INSERT INTO t FORMAT JSONStringsEachRow
{"a":"4","s":"four"}
\.
INSERT INTO t FORMAT JSONCompactStringsEachRow
["5","five"]
\.
INSERT INTO t FORMAT JSON
{"meta":[{"name":"a","type":"UInt32"},{"name":"s","type":"String"}],"data":[{"a":6,"s":"six"}],"rows":1}
\.
SELECT * FROM t ORDER BY a;
CREATE TABLE j (json String) ENGINE = Memory;
INSERT INTO j FORMAT JSONAsString
{"a": {"b": 1}}
{"c": [1, 2]}
\.
SELECT json, JSONExtractInt(json, 'a', 'b') FROM j ORDER BY json;
CREATE TABLE l (line String) ENGINE = Memory;
INSERT INTO l FORMAT LineAsString
first line, with "things"
second
\.
SELECT line FROM l ORDER BY line;
INSERT INTO t FORMAT JSONCompactEachRow
[7]
\.
SELECT count() FROM t;
