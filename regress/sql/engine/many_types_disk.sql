-- over: http
-- One table with a column of every type, written and read back, wide and compact, before and after a merge.
CREATE TABLE w (k UInt32, i8 Int8, i16 Int16, i32 Int32, i64 Int64, i128 Int128, i256 Int256, u8 UInt8, u16 UInt16, u64 UInt64, u128 UInt128, f32 Float32, f64 Float64, d32 Decimal32(2), d64 Decimal64(4), d128 Decimal128(10), d256 Decimal256(20), s String, fs FixedString(4), u UUID, dt Date, dt32 Date32, t DateTime('UTC'), t64 DateTime64(6, 'UTC'), b Bool, e8 Enum8('a' = 1, 'b' = 2), e16 Enum16('x' = 1000), ip4 IPv4, ip6 IPv6, n Nullable(Int32), lc LowCardinality(String), a Array(Int32), aa Array(Array(String)), tp Tuple(a Int8, b String), m Map(String, Int32), an Array(Nullable(String)), al Array(LowCardinality(String))) ENGINE = MergeTree ORDER BY k SETTINGS min_bytes_for_wide_part = 0;
INSERT INTO w SELECT number, number, number, -number, number * 1000000, -toInt128(number) * 1000000000000, toInt256(number), number, number, number, toUInt128(number), number / 3, number / 7, number / 4, number / 8, number / 16, toDecimal256(number, 20), toString(number), toString(number % 1000), toUUID(concat('00000000-0000-0000-0000-', leftPad(toString(number), 12, '0'))), toDate(number), toDate32(-number), toDateTime(number * 1000, 'UTC'), toDateTime64(number / 10, 6, 'UTC'), number % 2, if(number % 2, 'a', 'b'), 'x', toIPv4(toUInt32(number)), IPv4ToIPv6(toUInt32(number)), if(number % 3, number, NULL), toString(number % 5), range(number % 4), [[toString(number)], []], (number % 100, toString(number)), map('k', number, 'l', 1), [NULL, toString(number)], [toString(number % 3)] FROM numbers(100);
INSERT INTO w SELECT * REPLACE (k + 1000 AS k) FROM w;
SELECT * FROM w WHERE k = 42 FORMAT Vertical;
SELECT * FROM w WHERE k IN (0, 99, 1001) ORDER BY k;
CREATE TABLE c AS w ENGINE = MergeTree ORDER BY k SETTINGS min_bytes_for_wide_part = 1000000000;
INSERT INTO c SELECT * FROM w;
SELECT count(), sum(cityHash64(toString(tuple(*)))) = (SELECT sum(cityHash64(toString(tuple(*)))) FROM w) FROM c;
OPTIMIZE TABLE w FINAL;
OPTIMIZE TABLE c FINAL;
SELECT (SELECT groupArray(tuple(*)) FROM (SELECT * FROM w ORDER BY k)) = (SELECT groupArray(tuple(*)) FROM (SELECT * FROM c ORDER BY k));
SELECT * FROM c WHERE k = 1077;
