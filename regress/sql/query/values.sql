-- over: http
-- Rows from nowhere: values(), numbers(), zeros, generate_series, one.
SELECT * FROM values('a UInt8, b String', (1, 'x'), (2, 'y')) ORDER BY a;
SELECT * FROM VALUES((1, 'a'), (2, 'b')) ORDER BY 1;
SELECT number FROM numbers(3, 2) ORDER BY number;
SELECT number FROM numbers(0, 10, 4) ORDER BY number;
SELECT count() FROM zeros(5);
SELECT generate_series FROM generate_series(1, 5, 2) ORDER BY 1;
SELECT dummy FROM system.one;
SELECT number FROM system.numbers LIMIT 2;
SELECT 1;
SELECT count(), min(length(s)) >= 0 FROM (SELECT * FROM generateRandom('i Int32, s String', 1, 10) LIMIT 5);
SELECT toTypeName(i), toTypeName(a) FROM generateRandom('i Int32, a Array(UInt8)', 1) LIMIT 1;
SELECT * FROM numbers_mt(3) ORDER BY number;
SELECT * FROM nosuchfunction(1);
