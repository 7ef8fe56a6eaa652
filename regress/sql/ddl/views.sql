-- over: http
-- Views: stored text, columns, replacing, dropping.
CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a;
INSERT INTO t VALUES (1, 'x'), (2, 'y');
CREATE VIEW v AS SELECT a + 1 AS a1, b FROM t WHERE a > 1;
SELECT * FROM v;
INSERT INTO t VALUES (5, 'z');
SELECT a1, b FROM v ORDER BY a1;
SELECT v.a1, t.b FROM v JOIN t ON v.b = t.b ORDER BY a1;
CREATE VIEW v AS SELECT 1;
CREATE OR REPLACE VIEW v AS SELECT count() AS c FROM t;
SELECT c FROM v;
CREATE VIEW w (n UInt64) AS SELECT number AS n FROM numbers(3);
SELECT sum(n) FROM w;
INSERT INTO v VALUES (1);
DROP VIEW v;
SELECT * FROM v;
CREATE VIEW bad AS SELECT nothing FROM t;
DROP TABLE w;
CREATE VIEW p AS SELECT a FROM t WHERE a = {x:UInt8};
SELECT * FROM p(x = 5);
