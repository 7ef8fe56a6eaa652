-- over: http
-- DEFAULT, MATERIALIZED, ALIAS, EPHEMERAL columns.
CREATE TABLE t (a UInt32, b UInt32 DEFAULT a + 1, c UInt32 MATERIALIZED a * 2, d String ALIAS concat('d', toString(a)), e String EPHEMERAL 'none', f String DEFAULT upper(e)) ENGINE = MergeTree ORDER BY a;
INSERT INTO t (a) VALUES (1);
INSERT INTO t (a, b) VALUES (2, 50);
INSERT INTO t (a, e) VALUES (3, 'given');
SELECT * FROM t ORDER BY a;
SELECT a, b, c, d, f FROM t ORDER BY a;
SELECT * FROM t ORDER BY a SETTINGS asterisk_include_materialized_columns = 1, asterisk_include_alias_columns = 1;
SELECT e FROM t;
INSERT INTO t (c) VALUES (5);
INSERT INTO t (d) VALUES ('x');
SELECT a FROM t WHERE d = 'd2';
DESCRIBE TABLE t;
CREATE TABLE u (id UUID DEFAULT generateUUIDv4(), at DateTime DEFAULT now(), n Int32 DEFAULT -5, s DEFAULT 'text', d Date DEFAULT toDate(at)) ENGINE = MergeTree ORDER BY id;
INSERT INTO u (n) VALUES (1), (2);
SELECT uniqExact(id), min(at) > toDateTime(0), sum(n), any(s), any(d) = toDate(any(at)), toTypeName(any(s)) FROM u;
INSERT INTO u VALUES (DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT);
SELECT count(), min(n) FROM u;
CREATE TABLE w (a UInt8 DEFAULT nothing) ENGINE = Memory;
