-- over: http
-- Table functions that read and write: their structure is the table's, wrong calls are refused.
SELECT count(), countIf(length(s) > 5), max(length(a)) <= 3 FROM (SELECT * FROM generateRandom('n UInt8, s String, a Array(Date), t Tuple(x Nullable(Int64), y LowCardinality(String))', 1, 5, 3) LIMIT 10000);
SELECT toTypeName(n), toTypeName(t) FROM generateRandom('n Decimal(20, 3), t Map(String, DateTime64(3))') LIMIT 1;
SELECT count() > 1 FROM (SELECT DISTINCT e FROM (SELECT e FROM generateRandom('e Enum8(\'a\' = 1, \'b\' = 2, \'c\' = 3)', 7) LIMIT 1000));
SELECT * FROM generateRandom('n NoSuchType') LIMIT 1;
SELECT * FROM format(JSONEachRow, 'a UInt8, b String', '{"a": 1, "b": "x"} {"b": "y", "a": 2}') ORDER BY a;
SELECT sum(a) FROM format('CSV', 'a UInt8, b String', '1,x\n2,y\n');
SELECT * FROM format(NoSuchFormat, 'a UInt8', '1');
SELECT count() FROM null('a UInt8, b Array(String)');
INSERT INTO FUNCTION null('a UInt8') SELECT number FROM numbers(10);
INSERT INTO FUNCTION null('a UInt8') VALUES (1), (2);
INSERT INTO FUNCTION null('a UInt8, b UInt8') SELECT 1;
INSERT INTO FUNCTION numbers(3) SELECT 1;
SELECT * FROM nosuchfunction(1);
