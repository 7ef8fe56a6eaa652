-- over: http
-- Maps as properties of events: what applications do with them.
CREATE TABLE t (id UInt32, m Map(LowCardinality(String), String)) ENGINE = MergeTree ORDER BY id;
INSERT INTO t VALUES (1, {'plan': 'pro', 'n': '5'}), (2, {'plan': 'free'}), (3, {}), (4, {'n': '7', 'x': ''});
SELECT id, m['plan'], m['n'], mapContains(m, 'x') FROM t ORDER BY id;
SELECT m['plan'] AS plan, count() FROM t GROUP BY plan ORDER BY plan;
SELECT arrayJoin(mapKeys(m)) AS k, count() FROM t GROUP BY k ORDER BY k;
SELECT id FROM t WHERE has(mapKeys(m), 'n') AND toInt32OrZero(m['n']) > 5;
SELECT id, mapFilter((k, v) -> k = 'n', m) FROM t ORDER BY id;
SELECT sum(toUInt32OrZero(m['n'])), uniqExact(m['plan']), groupUniqArrayArray(mapKeys(m)) != [] FROM t;
SELECT toJSONString(m) FROM t WHERE id = 2;
SELECT id, k, v FROM t ARRAY JOIN mapKeys(m) AS k, mapValues(m) AS v ORDER BY id, k;
