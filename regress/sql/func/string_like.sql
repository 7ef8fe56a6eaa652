-- over: http
-- LIKE: % and _, backslash escapes; ILIKE folds case of UTF-8 too.
SELECT 'hello' LIKE 'h%', 'hello' LIKE '%l_o', 'hello' LIKE 'hello', 'hello' LIKE 'h', 'hello' NOT LIKE 'x%', '' LIKE '', '' LIKE '%', 'a' LIKE '';
SELECT 'a%b' LIKE 'a\\%b', 'axb' LIKE 'a\\%b', 'a_b' LIKE 'a\\_b', 'a\\b' LIKE 'a\\\\b';
SELECT 'HELLO' ILIKE 'hel%', 'ПРИВЕТ' ILIKE 'при%', 'Hello' NOT ILIKE '%ELL%', 'é' LIKE '_', 'éa' LIKE '_a';
SELECT like('abc', 'a%'), notLike('abc', 'a%'), ilike('ABC', 'a%'), notILike('ABC', 'a%');
SELECT s FROM (SELECT arrayJoin(['foo', 'bar', 'foobar', 'barfoo', '']) AS s) WHERE s LIKE '%foo%' ORDER BY s;
SELECT s FROM (SELECT arrayJoin(['foo', 'bar', 'foobar', 'barfoo', '']) AS s) WHERE s LIKE 'bar%' OR s LIKE '%bar' ORDER BY s;
SELECT 'aaaaaaaaaaaaaaaaaaaaaaab' LIKE '%a%a%a%a%a%b', 'abcabc' LIKE '%bc%c', 'line1\nline2' LIKE 'line1%2';
SELECT s LIKE p FROM (SELECT 'abc' AS s, arrayJoin(['a%', '%c', 'b', '_b_']) AS p);
