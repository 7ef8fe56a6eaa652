-- over: pg
-- Strings of PostgreSQL: lengths in characters, case, trimming, padding.
SELECT length('héllo'), char_length('héllo'), octet_length('héllo'), bit_length('abc'), lower('ÀBC'), upper('straße'), initcap('hello world-foo');
SELECT trim('  a  '), ltrim('  a'), rtrim('a  '), btrim('xxaxx', 'x'), trim(both 'x' from 'xxaxx'), trim(leading 'x' from 'xxa'), trim(trailing from 'a  '), ltrim('zzzytest', 'xyz');
SELECT lpad('7', 3, '0'), rpad('a', 3, '*'), lpad('abcdef', 3), rpad('abc', 5, 'xy'), lpad('é', 3), repeat('ab', 3), repeat('x', -1), reverse('abé');
SELECT concat('a', NULL, 'b', 1, true), concat_ws(',', 'a', NULL, 'b'), 'a' || 'b' || 1, 'a' || NULL, 1 || 'x';
SELECT left('hello', 2), right('hello', 2), left('hello', -1), right('hello', -2), left('hi', 10);
SELECT ascii('A'), chr(65), chr(233), md5('hello'), to_hex(255), quote_literal('it''s'), quote_ident('a b'), quote_nullable(NULL), quote_ident('abc');
SELECT starts_with('hello', 'he'), string_to_array('a,b,,c', ','), string_to_array('abc', NULL), array_to_string(ARRAY[1, NULL, 3], ','), array_to_string(ARRAY['a', NULL], '-', '*'), string_to_array('a,b,NULL', ',', 'NULL');
SELECT 'abc'::char(5) || '|', 'abc'::varchar(2), length('ab  '::char(4)), 'a'::"char", E'tab\there\\', U&'\0041', $$dollar's$$;
SELECT encode('abc'::bytea, 'hex'), decode('616263', 'hex'), encode('abc', 'base64'), convert_from('\x616263', 'UTF8'), sha256('abc'::bytea), get_byte('abc'::bytea, 1);
SELECT unistr('\0041'), normalize('é'), translate('12345', '143', 'ax'), overlay('Txxxxas' placing 'hom' from 2 for 4);
SELECT format('%s is %s, %I = %L', 'x', 5, 'col name', 'v''al'), format('%%'), format('%5s|%-5s|', 'a', 'b'), format('%2$s %1$s', 'a', 'b');
