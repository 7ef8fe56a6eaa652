-- over: http
-- Decimal columns: scales, rounding on input, limits.
CREATE TABLE t (a Decimal(9, 2), b Decimal(18, 8), c Decimal(38, 10), d Decimal(76, 30)) ENGINE = MergeTree ORDER BY a;
INSERT INTO t VALUES (1.23, 0.00000001, 12345678901234567890.0123456789, 1.5), (-9999999.99, -1, -1, '-0.000000000000000000000000000001');
SELECT * FROM t ORDER BY a;
INSERT INTO t (a) VALUES (1.23), ('7.5'), (3);
SELECT a FROM t ORDER BY a;
SELECT sum(a), sum(b), sum(c), sum(d), avg(a), max(c) FROM t;
INSERT INTO t (a) VALUES (10000000);
INSERT INTO t (a) VALUES (99999999999999999999);
SELECT a * b, a + c, a - 1, a / 2, a > 1.2, toTypeName(a * b), toTypeName(a + c), toTypeName(a / 2) FROM t WHERE b > 0;
SELECT toTypeName(CAST(1 AS Decimal(5, 2))), toTypeName(toDecimal32(1, 3)), toTypeName(CAST(1 AS Decimal64(5))), toTypeName(CAST('1' AS DEC(10, 1)));
CREATE TABLE bad (a Decimal(80, 2)) ENGINE = Memory;
CREATE TABLE bad (a Decimal(5, 6)) ENGINE = Memory;
SELECT a, count() FROM t GROUP BY a ORDER BY a DESC LIMIT 2;
SELECT 1.1::Decimal(10, 1) = 1.1, toDecimal64(0.1, 1) + toDecimal64(0.2, 1) = toDecimal64(0.3, 1), CAST(1e3 AS Decimal(10, 2));
