-- over: http
-- Regular expressions: match, extract, replace, counts.
SELECT match('hello123', '[0-9]+'), match('hello', '^h.*o$'), match('hello', '^e'), 'abc' REGEXP 'b', match('', ''), match('Abc', '(?i)abc');
SELECT extract('key=value', 'key=(.*)'), extract('abc123', '[0-9]+'), extract('abc', 'x'), extractAll('a1b22c333', '[0-9]+'), extractAll('k1=v1,k2=v2', '(\\w+)=');
SELECT replaceOne('aaa', 'a', 'b'), replaceAll('aaa', 'a', 'b'), replace('hello', 'l', 'L'), replaceAll('abc', '', 'x'), replaceAll('hello', 'll', '');
SELECT replaceRegexpOne('hello world', 'o', '0'), replaceRegexpAll('hello world', 'o', '0'), replaceRegexpAll('abc', '(.)', '\\1\\1'), replaceRegexpAll('2024-01-02', '(\\d+)-(\\d+)-(\\d+)', '\\3/\\2/\\1'), REGEXP_REPLACE('aXbX', 'X', '-');
SELECT match('hello', '(');
SELECT s, extract(s, '^(\\w+)@') FROM (SELECT arrayJoin(['a@b.c', 'xyz@q', 'none']) AS s) ORDER BY s;
SELECT match('a\nb', 'a.b'), match('ab\ncd', '^cd'), match('ab\ncd', '(?m)^cd');
