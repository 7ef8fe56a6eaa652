-- over: both
-- Text functions with one meaning.
SELECT upper('é'), 'a' || 'b', concat('x', 'y', 'z'), replace('hello', 'l', 'L'), ltrim('  a'), rtrim('a  ');
SELECT substring('hello', 2, 2), substr('hello', 3), position('lo' IN 'hello'), lpad('7', 3, '0'), rpad('7', 3, '0');
SELECT 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'ABC' ILIKE 'abc', 'abc' NOT LIKE 'z%';
SELECT ascii('A'), repeat('-', 3), reverse('abc');
