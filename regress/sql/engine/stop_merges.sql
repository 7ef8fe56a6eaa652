-- over: http
-- Merges that are stopped wait, OPTIMIZE says so.
CREATE TABLE sm (a UInt32) ENGINE = MergeTree ORDER BY a;
SYSTEM STOP MERGES sm;
INSERT INTO sm SELECT number FROM numbers(200000);
INSERT INTO sm SELECT number FROM numbers(200000);
OPTIMIZE TABLE sm FINAL;
SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = 'sm';
SYSTEM START MERGES sm;
OPTIMIZE TABLE sm FINAL;
SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = 'sm';
SYSTEM STOP TTL MERGES sm;
OPTIMIZE TABLE sm FINAL;
SYSTEM START TTL MERGES sm;
SELECT sum(a) FROM sm;
DROP TABLE sm;
