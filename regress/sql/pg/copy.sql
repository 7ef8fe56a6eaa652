-- over: pg
-- COPY in and out: text, csv, options, bad data.
CREATE TABLE t (a integer, b text, c numeric(8, 2), d timestamp);
COPY t FROM STDIN;
1	plain	1.50	2024-01-01 00:00:00
2	\N	\N	\N
3	tab\there\\ nl\n	-2	2024-02-29 12:34:56.789
\.
COPY t TO STDOUT;
COPY t (a, b) FROM STDIN WITH (FORMAT csv);
4,"quote "" comma, x"
5,
6,""
\.
COPY t (b, a) FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';', NULL 'nil');
b;a
seven;7
nil;8
\.
SELECT * FROM t ORDER BY a;
COPY (SELECT a, b FROM t ORDER BY a) TO STDOUT WITH (FORMAT csv, HEADER);
COPY (SELECT a, b FROM t WHERE a < 3 ORDER BY a) TO STDOUT WITH (DELIMITER '|', NULL 'nil');
COPY (SELECT a, b FROM t WHERE a < 4 ORDER BY a) TO STDOUT (FORMAT csv, FORCE_QUOTE *);
COPY t FROM STDIN;
10	ok	1	2024-01-01
x	bad	1	2024-01-01
\.
COPY t FROM STDIN;
11	too few
\.
COPY t FROM STDIN;
12	too	1	2024-01-01	many
\.
COPY t (a, b) FROM STDIN (FORMAT csv);
13,"unterminated
\.
COPY missing FROM STDIN;
\.
SELECT count(*) FROM t;
COPY t (nothing) FROM STDIN;
\.
