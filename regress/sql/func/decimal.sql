-- over: http
-- Decimals: scale of results, comparison, overflow as an error.
SELECT toDecimal64('1.23', 2) + toDecimal64('1.1', 1), toDecimal64('1.23', 2) * toDecimal64('2.0', 1), toDecimal64('10', 2) / toDecimal64('3', 1);
SELECT toTypeName(toDecimal64('1.23', 2) + toDecimal32('1.1', 1)), toTypeName(toDecimal64('1.23', 2) * toDecimal64('2.0', 1)), toTypeName(toDecimal64('10', 2) / toDecimal64('3', 1));
SELECT toDecimal32('1.5', 1) + 1, toDecimal32('1.5', 1) * 2, 3 - toDecimal32('1.5', 1), toTypeName(toDecimal32('1.5', 1) + 1), toDecimal32('1.5', 1) * 1.5;
SELECT toDecimal32('1.239', 2), toDecimal32(1.239, 2), toDecimal32(5, 3), toDecimal64OrNull('abc', 2), toDecimal64OrZero('abc', 2);
SELECT toDecimal32('12345678901', 2);
SELECT toDecimal32(999999999, 0) * toDecimal32(999999999, 0);
SELECT toDecimal32('-0.05', 2), abs(toDecimal32('-0.05', 2)), -toDecimal32('0.05', 2), toString(toDecimal64('1.500', 3)), toFloat64(toDecimal64('1.25', 2)), toInt32(toDecimal64('-7.9', 1));
SELECT CAST('1.5' AS Decimal(10, 3)), CAST(1.5 AS Decimal(76, 20)), toTypeName(CAST(1 AS Decimal(18, 4))), toTypeName(CAST(1 AS Numeric(9)));
SELECT sum(x), avg(x), min(x), max(x), toTypeName(sum(x)), toTypeName(avg(x)) FROM (SELECT toDecimal64(number / 4, 2) AS x FROM numbers(10));
SELECT toDecimal64('1.10', 2) = toDecimal64('1.1', 1), toDecimal32('2.0', 1) > 1, toDecimal32('2.5', 1) < 2.6;
SELECT d, count() FROM (SELECT toDecimal32(number % 3, 2) AS d FROM numbers(9)) GROUP BY d ORDER BY d DESC;
