-- over: http
-- Partitions: dropped, detached, attached, in place.
CREATE TABLE t (d Date, v UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(d) ORDER BY v;
INSERT INTO t VALUES ('2024-01-10', 1), ('2024-02-10', 2), ('2024-03-10', 3), ('2024-02-20', 4);
SELECT partition, sum(rows) FROM system.parts WHERE database = currentDatabase() AND table = 't' AND active GROUP BY partition ORDER BY partition;
ALTER TABLE t DROP PARTITION 202401;
SELECT v FROM t ORDER BY v;
ALTER TABLE t DETACH PARTITION 202402;
SELECT v FROM t ORDER BY v;
ALTER TABLE t ATTACH PARTITION 202402;
SELECT v FROM t ORDER BY v;
SELECT _partition_id, count() FROM t GROUP BY _partition_id ORDER BY _partition_id;
ALTER TABLE t DROP PARTITION ID '202403';
ALTER TABLE t DROP PARTITION 209901;
SELECT sum(v) FROM t;
CREATE TABLE p (k String, a UInt8, v UInt8) ENGINE = MergeTree PARTITION BY (k, a) ORDER BY v;
INSERT INTO p VALUES ('x', 1, 1), ('y', 2, 2);
ALTER TABLE p DROP PARTITION ('x', 1);
SELECT * FROM p;
CREATE TABLE q (v UInt8) ENGINE = MergeTree ORDER BY v;
INSERT INTO q VALUES (1);
ALTER TABLE q DROP PARTITION tuple();
SELECT count() FROM q;
CREATE TABLE e (s String) ENGINE = MergeTree PARTITION BY s ORDER BY tuple();
INSERT INTO e SELECT toString(number) FROM numbers(200);
