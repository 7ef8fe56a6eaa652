-- over: http
-- Arrays, tuples, maps in tables, with defaults, comparison and subcolumns.
CREATE TABLE t (k UInt8, a Array(UInt32), an Array(Nullable(String)), tp Tuple(UInt8, String), tn Tuple(x Int32, y Tuple(z String)), m Map(String, UInt64), ma Map(LowCardinality(String), Array(UInt8))) ENGINE = MergeTree ORDER BY k;
INSERT INTO t VALUES (1, [1, 2, 3], ['a', NULL], (1, 'x'), (5, ('deep')), {'a': 1, 'b': 2}, {'q': [1, 2]});
INSERT INTO t (k) VALUES (2);
INSERT INTO t VALUES (3, [], [], (0, ''), (-1, ('')), map(), map('e', []));
SELECT * FROM t ORDER BY k;
SELECT a[1], an[2], tp.1, tp.2, tn.x, tn.y.z, m['a'], m['none'], ma['q'][2] FROM t ORDER BY k;
SELECT k FROM t WHERE has(a, 2);
SELECT k FROM t WHERE m['b'] = 2;
SELECT mapKeys(m), mapValues(m), length(m), mapContains(m, 'a') FROM t ORDER BY k;
SELECT m.keys, m.values, a.size0 FROM t WHERE k = 1;
SELECT toTypeName(a), toTypeName(tn), toTypeName(m), toTypeName(ma) FROM t LIMIT 1;
SELECT a, count() FROM t GROUP BY a ORDER BY a;
SELECT sum(length(a)), groupArrayArray(a), sumMap(m) FROM t;
INSERT INTO t (k, a) VALUES (4, [1, 'x']);
INSERT INTO t (k, m) VALUES (4, {'a'});
SELECT arrayJoin(a) AS x, k FROM t ORDER BY x;
CREATE TABLE bad (m Map(Array(UInt8), String)) ENGINE = Memory;
CREATE TABLE bad (a Nullable(Array(UInt8))) ENGINE = Memory;
