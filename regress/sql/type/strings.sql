-- over: http
-- Literals and escapes; FixedString pads and compares with its zeros.
SELECT 'a\'b', 'a''b', 'tab\there', 'nl\\n', '\x41\x42', 'é', '', 'a\0b' = unhex('610062'), length('\0');
SELECT "x" FROM (SELECT 1 AS x);
SELECT `x y` FROM (SELECT 1 AS `x y`);
SELECT $$it's raw \n$$, $tag$a $$ b$tag$, length($$a\n$$);
CREATE TABLE t (f FixedString(3), s String) ENGINE = Memory;
INSERT INTO t VALUES ('ab', 'ab'), ('abc', 'abc'), ('', '');
SELECT f, length(f), f = s, s, hex(f), toString(f) = s FROM t ORDER BY s;
INSERT INTO t VALUES ('abcd', '');
SELECT toTypeName('a'), toTypeName(toFixedString('a', 2)), toTypeName(concat(toFixedString('a', 2), 'b')), empty(toFixedString('', 2)), f < 'b' FROM t LIMIT 1;
SELECT max(s), min(f), count(DISTINCT f) FROM t;
SELECT 'multi
line';
SELECT 'unterminated;
