-- over: pg
-- format(), quoting, bytes, characters and regular expressions, with their errors.
SELECT format('%L', NULL), format('%-*s|', 5, 'ab'), format('%s', ARRAY[1, 2]), format('%s', true), format(NULL, 1), format('%2$*1$s|', 5, 'x');
SELECT format('%s');
SELECT format('%z', 1);
SELECT format('%I', NULL);
SELECT quote_ident('select'), quote_ident('name'), quote_ident('Ab'), quote_ident('1a'), quote_literal(5), quote_literal(E'a\\b');
SELECT to_hex(-1), to_hex(-1::bigint), translate('hello', 'el', 'i'), overlay('abcdef' placing 'x' from 2 for 0), overlay('abc' placing 'xyz' from 3);
SELECT overlay('abc' placing 'x' from 0);
SELECT chr(0);
SELECT unistr('\+000061\u0062\\'), unistr('\D83D\DE00');
SELECT unistr('\zz');
SELECT encode('abc', 'hex'), encode('abc', 'escape'), decode('YWJj', 'base64'), convert_to('é', 'LATIN1');
SELECT decode('6', 'hex');
SELECT decode('zz', 'hex');
SELECT decode('YW!', 'base64');
SELECT encode('abc', 'nothing');
SELECT get_byte(decode('0102', 'hex'), 2);
SELECT regexp_match('abc', '(b)(x)?'), regexp_match('abc', 'x'), regexp_count('aaa', 'a', 2), regexp_instr('abcb', 'b', 1, 2), regexp_substr('abcb', 'b.', 3);
SELECT regexp_count('a', 'a', 0);
SELECT 'abc' SIMILAR TO 'a_c', 'a.c' SIMILAR TO 'a.c', 'abc' SIMILAR TO 'a.c', 'abc' NOT SIMILAR TO '%b%', 'a%' SIMILAR TO 'a\%';
SELECT substring('foobar' SIMILAR '%#"o_b#"%' ESCAPE '#'), substring('abc' FROM 'x');
SELECT string_to_array('a,b', ''), string_to_array('', ','), string_to_array(NULL, ','), string_to_array('é,b', NULL);
SELECT num_nulls(1, NULL, NULL), num_nonnulls(1, NULL), concat('a', NULL, true), concat_ws(NULL, 'a');
SELECT array_dims(ARRAY[[1, 2], [3, 4]]), array_fill(7, ARRAY[2, 2]), array_remove(ARRAY[1, NULL], NULL), array_position(ARRAY[1, NULL], NULL);
SELECT trim_array(ARRAY[1, 2], 3);
