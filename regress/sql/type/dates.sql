-- over: http
-- Limits of dates and times; text that is out of range.
CREATE TABLE t (k UInt8, d Date, d32 Date32, t DateTime('UTC'), t64 DateTime64(3, 'UTC'), t9 DateTime64(9, 'UTC')) ENGINE = MergeTree ORDER BY k;
INSERT INTO t VALUES (1, '1970-01-01', '1900-01-01', '1970-01-01 00:00:00', '1900-01-01 00:00:00.000', '1970-01-01 00:00:00.000000001'), (2, '2149-06-06', '2299-12-31', '2106-02-07 06:28:15', '2299-12-31 23:59:59.999', '2262-04-11 23:47:16.854775807');
INSERT INTO t VALUES (3, 0, 0, 0, 0, 0), (4, '2024-02-29', '2024-02-29', '2024-02-29 12:00:00', 1709208000.5, 1709208000);
SELECT * FROM t ORDER BY k;
SELECT k, toInt32(d), toInt32(d32), toUInt32(t), toInt64(t64) FROM t ORDER BY k;
INSERT INTO t (k, d) VALUES (5, 'not a date');
INSERT INTO t (k, t) VALUES (5, '2024-01-01');
SELECT t FROM t WHERE k = 5;
SELECT max(d), min(d32), max(t), min(t64) FROM t;
SELECT d - toDate('2024-01-01'), d32 < d, t > t64 FROM t WHERE k = 4;
SELECT count() FROM t WHERE d = '2024-02-29' AND t >= '2024-02-29 00:00:00' AND t64 < '2024-03-01';
SELECT toDate32('2024-01-01') + INTERVAL 100 YEAR, toDate32('1950-06-15'), toYear(toDate32('1950-06-15')), toTypeName(toDate32('2024-01-01') + 1);
INSERT INTO t (k, t64) VALUES (6, '2026-02-23T12:00:00.000Z');
