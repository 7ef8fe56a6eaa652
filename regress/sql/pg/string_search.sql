-- over: pg
-- position, substring and split_part; LIKE, SIMILAR TO, regular expressions.
SELECT position('l' in 'hello'), strpos('hello', 'lo'), position('z' in 'hello'), position('' in 'a'), strpos('héllo', 'l');
SELECT substring('hello' from 2 for 3), substring('hello' from 2), substring('hello', 2, 3), substr('hello', 2), substring('héllo' from 2 for 1), substring('hello' from -1 for 3), substring('hello' for 2);
SELECT substring('foobar' from 'o.b'), substring('foobar' from 'o(.)b'), substring('abc' from 'x');
SELECT split_part('a,b,c', ',', 2), split_part('a,b,c', ',', 5), split_part('a,b,c', ',', -1), split_part('abc', ',', 1);
SELECT 'hello' LIKE 'h%', 'hello' LIKE '_ello', 'hello' NOT LIKE 'x%', 'HELLO' ILIKE 'hel%', 'a%b' LIKE 'a\%b', 'axb' LIKE 'a\%b', 'a%b' LIKE 'a!%b' ESCAPE '!', 'é' LIKE '_', NULL LIKE 'a';
SELECT 'abc' ~ 'b', 'abc' ~ '^b', 'ABC' ~* 'b', 'abc' !~ 'x', 'ABC' !~* 'b', 'abc' ~~ 'a%', 'ABC' ~~* 'a%', 'abc' !~~ 'a%';
SELECT regexp_replace('hello world', 'o', '0'), regexp_replace('hello world', 'o', '0', 'g'), regexp_replace('abc', '(.)', '\1\1', 'g'), regexp_replace('ABC', 'b', 'x', 'i'), regexp_replace('abc', 'x', 'y');
SELECT regexp_match('foobarbequebaz', '(bar)(beque)'), regexp_match('abc', 'x'), regexp_split_to_array('a1b2c', '[0-9]'), regexp_count('banana', 'an'), regexp_like('abc', 'B', 'i'), regexp_substr('abc123', '[0-9]+'), regexp_instr('abc123', '[0-9]');
SELECT m FROM regexp_matches('a1b2', '([a-z])([0-9])', 'g') AS m;
SELECT * FROM regexp_split_to_table('a b c', ' ') AS w;
SELECT replace('hello', 'l', 'L'), replace('aaa', 'a', ''), replace('abc', 'x', 'y'), translate('hello', 'el', 'ip');
SELECT 'abc' SIMILAR TO 'a%', 'abc' SIMILAR TO '(a|b)%', 'abc' SIMILAR TO 'b';
SELECT 'a' ~ '(';
