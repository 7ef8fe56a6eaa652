-- over: http
-- The rarer functions of this family.
SELECT concat('a', 'b', 'c'), 'a' || 'b', concat('n=', 5), concat('d', toDate('2024-01-01')), concatWithSeparator(',', 'a', 'b', 'c'), concat_ws('-', 'x', 'y');
SELECT leftPad('7', 3, '0'), rightPad('7', 3, '*'), lpad('abc', 2), rpad('a', 3), leftPadUTF8('é', 3, 'ä'), rightPad('abc', 5, 'xy');
SELECT ascii('A'), char(72, 105), initcap('hello world'), initcapUTF8('élan vital'), soundex('Robert');
SELECT isValidUTF8('abc'), isValidUTF8(unhex('ff')), toValidUTF8(concat('a', unhex('ff'), 'b'));
SELECT appendTrailingCharIfAbsent('a', '/'), appendTrailingCharIfAbsent('a/', '/'), normalizedQueryHash('SELECT 1') = normalizedQueryHash('SELECT 2'), normalizeQuery('SELECT 1, \'a\'');
