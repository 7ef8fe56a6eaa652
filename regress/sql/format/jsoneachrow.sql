-- over: http
-- JSONEachRow in: order of keys, missing keys, unknown keys, escapes, nested values, numbers as text.
CREATE TABLE t (a UInt32, s String DEFAULT 'dflt', n Nullable(Int32), arr Array(Int32), m Map(String, Int32), t DateTime64(3, 'UTC'), f Float64, tp Tuple(x Int32, y String), b Bool) ENGINE = MergeTree ORDER BY a;
INSERT INTO t FORMAT JSONEachRow
{"a":1,"s":"x","n":5,"arr":[1,2],"m":{"k":1},"t":"2024-01-01 00:00:00.123","f":1.5,"tp":{"x":1,"y":"q"},"b":true}
{"n":null, "a" : 2 , "arr":[] , "unknown": {"deep":[1,2,{"x":"}"}]}, "f": -1e3}
{"a":"3","s":"\u00e9\n\t\"\\\/ \ud83d\ude00","t":1704067200,"b":0}
\.
SELECT * FROM t ORDER BY a;
SELECT * FROM t ORDER BY a FORMAT JSONEachRow;
INSERT INTO t FORMAT JSONEachRow
[{"a":10},{"a":11}]
\.
INSERT INTO t FORMAT JSONEachRow
{"a":12},{"a":13}
\.
SELECT a FROM t WHERE a >= 10 ORDER BY a;
INSERT INTO t FORMAT JSONEachRow
{"a":20}
{"a":"x"}
\.
INSERT INTO t FORMAT JSONEachRow
{"a":20}
not json
\.
INSERT INTO t SETTINGS input_format_skip_unknown_fields = 0 FORMAT JSONEachRow
{"a":21,"zzz":1}
\.
SELECT count() FROM t WHERE a >= 20;
INSERT INTO t (a, s) FORMAT JSONEachRow
{"a":30,"s":null}
\.
INSERT INTO t (a, s) FORMAT JSONEachRow
{"a":31,"s":{"obj":[1,"x"]}}
\.
SELECT a, s FROM t WHERE a >= 30 ORDER BY a;
