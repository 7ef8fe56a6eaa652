-- over: http
-- Granule, batch and block edges: counts around 8192 and multiples.
CREATE TABLE t (n UInt32, s String) ENGINE = MergeTree ORDER BY n;
INSERT INTO t SELECT number, toString(number) FROM numbers(24577);
SELECT count(), min(n), max(n), sum(n) FROM t;
SELECT n, s FROM t WHERE n IN (0, 8191, 8192, 8193, 16383, 16384, 24575, 24576) ORDER BY n;
SELECT count() FROM t WHERE n >= 8192;
SELECT count() FROM t WHERE n > 8191 AND n < 16385;
SELECT n FROM t ORDER BY n LIMIT 2 OFFSET 8191;
SELECT count() FROM (SELECT n FROM t LIMIT 8192);
SELECT count() FROM (SELECT n FROM t LIMIT 8193);
SELECT s FROM t ORDER BY n DESC LIMIT 1;
SELECT uniqExact(s) FROM t WHERE n % 8192 = 0;
CREATE TABLE e (a UInt8) ENGINE = MergeTree ORDER BY a;
INSERT INTO e SELECT 1 WHERE 0;
SELECT count() FROM e;
SELECT count() FROM system.parts WHERE database = currentDatabase() AND table = 'e' AND active;
