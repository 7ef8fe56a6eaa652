-- over: http
-- Expressions that belong to a table compute one value a row of its columns: no arrayJoin, no subquery.
CREATE TABLE b (d Date, v UInt8) ENGINE = MergeTree ORDER BY arrayJoin([v, 2]);
CREATE TABLE c (d Date, v UInt8) ENGINE = MergeTree PARTITION BY arrayJoin([v, 2]) ORDER BY v;
CREATE TABLE e (v UInt8) ENGINE = MergeTree ORDER BY (SELECT 1);
CREATE TABLE f (v String, t UUID) ENGINE = MergeTree ORDER BY v;
INSERT INTO f VALUES (materialize('a text that is longer than a view'), toUUID(materialize('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))), (concat('the second of two ', 'longer texts here'), '61f0c404-5cb3-11e7-907b-a6006ad3dba1');
SELECT * FROM f ORDER BY v;
SELECT xxHash64(x -> x);
SELECT length(x -> x);
