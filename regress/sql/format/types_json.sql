-- over: http
-- Each type as JSON and back.
CREATE TABLE t (k UInt8, i8 Int8, u64 UInt64, i128 Int128, f32 Float32, dec Decimal(18, 4), s String, fs FixedString(3), u UUID, d Date, d32 Date32, dt DateTime('UTC'), t64 DateTime64(6, 'UTC'), b Bool, e Enum8('a' = 1, 'b' = 2), ip4 IPv4, ip6 IPv6, n Nullable(String), lc LowCardinality(String), a Array(Array(Int8)), tp Tuple(x Int8, y String), tu Tuple(Int8, String), m Map(String, Array(UInt8))) ENGINE = MergeTree ORDER BY k;
INSERT INTO t FORMAT JSONEachRow
{"k":1,"i8":-5,"u64":18446744073709551615,"i128":"-170141183460469231731687303715884105728","f32":1.25,"dec":"12.3456","s":"str","fs":"ab","u":"61f0c404-5cb3-11e7-907b-a6006ad3dba0","d":"2024-02-29","d32":"1930-01-01","dt":"2024-01-01 10:00:00","t64":"2024-01-01 10:00:00.123456","b":true,"e":"b","ip4":"1.2.3.4","ip6":"2001:db8::1","n":null,"lc":"low","a":[[1,2],[]],"tp":{"x":1,"y":"n"},"tu":[2,"u"],"m":{"k":[1,2]}}
{"k":2,"u64":"7","dec":3,"f32":"2.5","b":1,"e":1,"dt":1704103200,"n":"set","tp":{"x":5,"y":"pos"},"fs":""}
\.
SELECT * FROM t ORDER BY k FORMAT JSONEachRow;
SELECT * FROM t ORDER BY k FORMAT Vertical;
SELECT * FROM t ORDER BY k FORMAT CSV;
SELECT * FROM t ORDER BY k FORMAT TSV;
SELECT * FROM t ORDER BY k FORMAT Values;
SELECT * FROM t WHERE k = 1 FORMAT JSONCompactStringsEachRow;
