-- over: http
-- TabSeparated and its kin, out and in.
CREATE TABLE t (a UInt32, s String, n Nullable(Int32), arr Array(String), d Date, f Float64) ENGINE = MergeTree ORDER BY a;
INSERT INTO t FORMAT TSV
1	plain	5	['x','y']	2024-01-01	1.5
2	tab\there\nnl\\ \'q\'	\N	[]	2024-02-29	-0.25
3		7	['it\'s']	1970-01-01	1e100
\.
SELECT * FROM t ORDER BY a;
SELECT * FROM t ORDER BY a FORMAT TabSeparatedWithNames;
SELECT * FROM t ORDER BY a FORMAT TSVWithNamesAndTypes;
SELECT * FROM t ORDER BY a FORMAT TSVRaw;
SELECT a, s FROM t ORDER BY a FORMAT TabSeparatedRawWithNames;
INSERT INTO t (a, s) FORMAT TSVWithNames
s	a
hello	10
\.
INSERT INTO t FORMAT TabSeparatedWithNamesAndTypes
a	s
UInt32	String
11	typed
\.
INSERT INTO t (a, s) FORMAT TSVRaw
12	raw \n stays
\.
SELECT a, s, n, arr FROM t WHERE a >= 10 ORDER BY a;
INSERT INTO t (a, s) FORMAT TSV
13	ok
x	bad number
\.
INSERT INTO t (a, s) FORMAT TSV
14
\.
SELECT count() FROM t;
SELECT 1 AS a, 'x' AS b FORMAT TSKV;
SELECT 'a\tb\\c\nd', NULL, [NULL, 'q''s'], (1, 'x'), map('k', 1), true FORMAT TSV;
