-- over: http
-- Unknown names: tables, columns, functions, types, databases, settings, engines.
CREATE TABLE events (timestamp DateTime, distinct_id String) ENGINE = MergeTree ORDER BY timestamp;
SELECT * FROM event;
SELECT timestam FROM events;
SELECT cuont(*) FROM events;
SELECT toStrin(1);
SELECT * FROM nodb.events;
SELECT CAST(1 AS Strin);
SELECT events.nothing FROM events;
SELECT e.timestamp FROM events;
INSERT INTO events (distinct) VALUES ('x');
DROP TABLE evnts;
SELECT 1 SETTINGS max_thread = 1;
CREATE TABLE x (a UInt8) ENGINE = MergeTre ORDER BY a;
SELECT sumIff(1);
SELECT a.b.c FROM events;
SELECT TIMESTAMP FROM events;
USE nodb;
SELECT * FROM numbers(1) AS n WHERE m.number = 1;
