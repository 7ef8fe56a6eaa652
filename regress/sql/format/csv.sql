-- over: http
-- CSV, out and in: quoting, NULLs, headers, delimiters, line ends.
CREATE TABLE t (a UInt32, s String, n Nullable(Int32), arr Array(String), d DateTime('UTC'), f Float64) ENGINE = MergeTree ORDER BY a;
INSERT INTO t FORMAT CSV
1,"plain",5,"['x','y']","2024-01-01 00:00:00",1.5
2,"quote "" and, comma
newline",\N,"[]","2024-02-29 01:02:03",-0.25
3,bare,,[],"1970-01-01 00:00:10",0
\.
SELECT * FROM t ORDER BY a FORMAT CSV;
SELECT * FROM t ORDER BY a FORMAT CSVWithNames;
SELECT a, n FROM t ORDER BY a FORMAT CSVWithNamesAndTypes;
INSERT INTO t FORMAT CSVWithNames
s,a
"named",10
\.
SELECT a, s, n FROM t WHERE a = 10;
INSERT INTO t (a, s) SETTINGS format_csv_delimiter = ';' FORMAT CSV
11;semi
\.
SELECT s FROM t WHERE a = 11;
SELECT 'a;b', 1 SETTINGS format_csv_delimiter = ';' FORMAT CSV;
INSERT INTO t (a, s) FORMAT CSV
x,y
\.
SELECT count() FROM t;
SELECT 'x', NULL, [1, 2], (1, 'q'), 1.5, toDate('2024-01-01'), true FORMAT CSV;
INSERT INTO t (a, s, n) FORMAT CSV
20,,
21,"",7
\.
SELECT a, s, n FROM t WHERE a >= 20 ORDER BY a;
