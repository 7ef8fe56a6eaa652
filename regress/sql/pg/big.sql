-- over: pg
-- More rows than a batch, through the wire.
CREATE TABLE t (a integer, s text);
INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 50000) AS n;
SELECT count(*), sum(a), min(s), max(s) FROM t;
SELECT a, s FROM t WHERE a % 10000 = 0 ORDER BY a;
SELECT a % 7 AS k, count(*), sum(a) FROM t GROUP BY a % 7 ORDER BY k;
SELECT s FROM t ORDER BY a DESC LIMIT 3;
SELECT count(*) FROM t AS x JOIN t AS y ON x.a = y.a + 1;
SELECT length(string_agg(s, '')) FROM t;
SELECT count(DISTINCT a % 1000) FROM t;
