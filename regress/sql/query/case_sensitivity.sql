-- over: http
-- Names are case-sensitive, keywords and some functions are not.
CREATE TABLE T (Id UInt8, id String) ENGINE = Memory;
INSERT INTO T VALUES (1, 'x');
select Id, id from T where Id = 1;
SELECT ID FROM T;
SELECT * FROM t;
SELECT COUNT(*), Sum(Id), MAX(Id), CoalesCE(NULL, 1), LOWER('A'), SUBSTRING('abc', 2) FROM T;
SELECT TOSTRING(1);
SELECT If(1, 2, 3);
SELECT CAST(1 AS string);
SELECT `Id` FROM `T`;
