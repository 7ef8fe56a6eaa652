-- over: pg
-- Declared types keep their limits and faces.
CREATE TABLE t (si smallint, i integer, bi bigint, r real, d double precision, n numeric(8, 3), b boolean, c char(4), vc varchar(5), tx text, u uuid, dt date, tm time, ts timestamp, tz timestamptz, iv interval, j json, jb jsonb, by bytea);
INSERT INTO t VALUES (-32768, -2147483648, -9223372036854775808, 1.5, 2.25, 12345.678, true, 'ab', 'abcde', 'text', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '2024-02-29', '12:34:56.789', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56+02', '1 mon 2 days 03:04:05', '{"a": 1,  "b": [1,2]}', '{"b": [1,2],  "a": 1, "a": 2}', '\xdeadbeef');
INSERT INTO t (si, i, bi) VALUES (32767, 2147483647, 9223372036854775807);
SELECT * FROM t ORDER BY si;
SELECT pg_typeof(si), pg_typeof(i), pg_typeof(bi), pg_typeof(r), pg_typeof(d), pg_typeof(n), pg_typeof(b), pg_typeof(c), pg_typeof(vc), pg_typeof(tx), pg_typeof(u), pg_typeof(dt), pg_typeof(ts), pg_typeof(tz), pg_typeof(jb) FROM t LIMIT 1;
INSERT INTO t (si) VALUES (32768);
INSERT INTO t (i) VALUES (2147483648);
INSERT INTO t (vc) VALUES ('abcdef');
INSERT INTO t (n) VALUES (123456);
INSERT INTO t (u) VALUES ('nope');
INSERT INTO t (dt) VALUES ('2024-02-30');
INSERT INTO t (j) VALUES ('{bad');
INSERT INTO t (b) VALUES ('perhaps');
SELECT si + 1, i + 1, r * 2, n + 0.001, vc || '!', dt + 1, ts + interval '1 day', tz AT TIME ZONE 'UTC' FROM t WHERE b;
SELECT si * 2 FROM t WHERE si = 32767;
SELECT count(*) FROM t WHERE c = 'ab';
SELECT j->>'a', jb->'b'->>0, jb->>'a' FROM t WHERE b;
