-- over: http
-- Comparison operators and their function forms give UInt8; mixed integer signs compare by value.
SELECT 1 < 2, 1 <= 1, 2 > 3, 2 >= 2, 1 = 1, 1 == 1, 1 != 2, 1 <> 1;
SELECT toInt8(-1) < toUInt64(1), toInt64(-1) = toUInt64(18446744073709551615), toUInt8(255) > toInt8(-1);
SELECT 'a' < 'b', 'a' < 'B', 'abc' < 'abd', 'ab' < 'abc', '' < 'a', 'é' > 'z';
SELECT equals(1, 1), notEquals(1, 2), less(1, 2), greater(1, 2), lessOrEquals(2, 2), greaterOrEquals(1, 2);
SELECT 1.0 = 1, 0.1 + 0.2 = 0.3, toDecimal32(1.5, 1) = 1.5, toDecimal32(1.5, 1) < toDecimal64(1.51, 2);
SELECT (1, 2) = (1, 2), (1, 2) < (1, 3), (2, 1) > (1, 9), (1, 'a') = (1, 'b'), [1, 2] = [1, 2], [1, 2] < [1, 3], [1] < [1, 0];
SELECT toDate('2024-01-01') < toDate('2024-01-02'), toDate('2024-01-01') = '2024-01-01', toDateTime('2024-01-01 00:00:00', 'UTC') = toDate('2024-01-01');
SELECT 5 BETWEEN 1 AND 10, 5 NOT BETWEEN 1 AND 10, 5 BETWEEN 6 AND 10, 'm' BETWEEN 'a' AND 'z';
SELECT 1 IS NULL, NULL IS NULL, 1 IS NOT NULL, NULL = NULL, NULL != 1, 1 < NULL;
SELECT NULL IS NOT DISTINCT FROM NULL, 1 IS NOT DISTINCT FROM 1, 1 <=> NULL, 1 IS DISTINCT FROM 2;
SELECT toTypeName(1 = 1), toTypeName(NULL = 1), toTypeName(toNullable(1) = 1);
SELECT greatest(1, 5, 3), least(4, 2, 8), greatest('a', 'b'), least(1.5, 2);
