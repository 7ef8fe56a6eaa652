-- over: http
-- toJSONString and JSON text of every kind of value.
SELECT toJSONString(1), toJSONString('a"b'), toJSONString([1, 2]), toJSONString(map('a', 1)), toJSONString((1, 'x')), toJSONString(NULL), toJSONString(1.5), toJSONString(toDate('2024-01-01')), toJSONString(true);
SELECT toJSONString(CAST((1, 'x') AS Tuple(a Int8, b String))), toJSONString(toUInt64(18446744073709551615)), toJSONString(toDecimal64('1.50', 2)), toJSONString(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toJSONString('é\n\t/'), toJSONString(nan), toJSONString(toDateTime64('2024-01-01 00:00:00.5', 3, 'UTC'));
SELECT toJSONString(map('k', [(1, 'a')])), toJSONString([[1], []]), toJSONString([NULL, 1]), toJSONString(toIPv4('1.2.3.4'));
