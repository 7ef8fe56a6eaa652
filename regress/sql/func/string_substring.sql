-- over: http
-- substring counts bytes from 1, negative from the end; UTF8 forms count code points.
SELECT substring('hello', 2, 3), substr('hello', 2), mid('hello', 1, 1), substring('hello', -3, 2), substring('hello', 10), substring('hello', 1, 100);
SELECT substring('hello', 2, -1), substring('hello', -10, 7), substring('héllo', 2, 2) = unhex('c3a9'), substringUTF8('héllo', 2, 2), substringUTF8('héllo', -2);
SELECT SUBSTRING('hello' FROM 2 FOR 3), SUBSTRING('hello' FROM 3);
SELECT left('hello', 2), right('hello', 2), left('hello', -1), right('hello', -1), left('hi', 10), leftUTF8('héllo', 2), rightUTF8('hellé', 1);
SELECT substring('abcdef', number, 2) FROM numbers(1, 5);
SELECT substring('abcdef', 1, number) FROM numbers(4);
SELECT substring('hello', 0);
SELECT substring(toFixedString('abcde', 5), 2, 3), substring(materialize('hello'), materialize(2), materialize(2));
