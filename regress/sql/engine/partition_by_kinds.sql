-- over: http
-- Partition keys of several kinds.
CREATE TABLE a (d Date, v UInt8) ENGINE = MergeTree PARTITION BY d ORDER BY v;
INSERT INTO a VALUES ('2024-01-01', 1), ('2024-01-02', 2), ('2024-01-01', 3);
SELECT partition, rows FROM system.parts WHERE database = currentDatabase() AND table = 'a' AND active ORDER BY partition;
CREATE TABLE b (s String, v UInt8) ENGINE = MergeTree PARTITION BY (s, v % 2) ORDER BY v;
INSERT INTO b VALUES ('x', 1), ('x', 2), ('y', 3);
SELECT partition, rows FROM system.parts WHERE database = currentDatabase() AND table = 'b' AND active ORDER BY partition;
CREATE TABLE c (v Int32) ENGINE = MergeTree PARTITION BY intDiv(v, 100) ORDER BY v;
INSERT INTO c VALUES (5), (105), (-5), (99);
SELECT partition, rows, name FROM system.parts WHERE database = currentDatabase() AND table = 'c' AND active ORDER BY partition;
SELECT v FROM c WHERE v > 50 ORDER BY v;
CREATE TABLE d (t DateTime('UTC'), v UInt8) ENGINE = MergeTree PARTITION BY toMonday(t) ORDER BY v;
INSERT INTO d VALUES ('2024-01-01 00:00:00', 1), ('2024-01-07 23:59:59', 2), ('2024-01-08 00:00:00', 3);
SELECT partition, rows FROM system.parts WHERE database = currentDatabase() AND table = 'd' AND active ORDER BY partition;
SELECT _partition_id, v FROM d ORDER BY v;
SELECT count() FROM d WHERE t < '2024-01-08 00:00:00';
CREATE TABLE e (v UInt8) ENGINE = MergeTree PARTITION BY nothing ORDER BY v;
