-- over: http
-- Memory, Null, Log, TinyLog, StripeLog.
CREATE TABLE m (a UInt32, s String) ENGINE = Memory;
INSERT INTO m VALUES (1, 'x'), (2, 'y');
SELECT * FROM m ORDER BY a;
TRUNCATE TABLE m;
SELECT count() FROM m;
CREATE TABLE n (a UInt32) ENGINE = Null;
INSERT INTO n SELECT number FROM numbers(1000);
SELECT count() FROM n;
CREATE TABLE l (a UInt32, s Nullable(String), arr Array(UInt8)) ENGINE = Log;
INSERT INTO l VALUES (1, 'x', [1]);
INSERT INTO l VALUES (2, NULL, []);
SELECT * FROM l ORDER BY a;
CREATE TABLE tl (a UInt32, m Map(String, UInt8)) ENGINE = TinyLog;
INSERT INTO tl VALUES (1, {'a': 1}), (2, map('b', 2));
SELECT a, m FROM tl ORDER BY a;
CREATE TABLE sl (a UInt32, t Tuple(UInt8, String)) ENGINE = StripeLog;
INSERT INTO sl VALUES (1, (1, 'q')), (2, (2, 'r'));
SELECT a, t.2 FROM sl ORDER BY a;
SELECT name, engine FROM system.tables WHERE database = currentDatabase() ORDER BY name;
DROP TABLE tl;
TRUNCATE TABLE l;
SELECT count() FROM l;
