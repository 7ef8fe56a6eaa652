-- over: pg
-- What JDBC and pg_dump ask of the catalogs beside plain reading.
CREATE TABLE t (id serial PRIMARY KEY, a integer, t text);
SELECT c.relname, c.tableoid::regclass, a.attname, a.tableoid FROM pg_class c, pg_attribute a
 WHERE a.attrelid = c.oid AND c.oid = 't'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT tableoid = 't'::regclass, count(*) FROM t GROUP BY 1;
SELECT (information_schema._pg_expandarray(ARRAY['x', 'y'])).n, (information_schema._pg_expandarray(ARRAY['x', 'y'])).x;
SELECT r.keys, (r.keys).n FROM (SELECT information_schema._pg_expandarray(i.indkey) AS keys FROM pg_index i
 WHERE i.indrelid = 't'::regclass) r;
SELECT typname, typinput, typinput = 'pg_catalog.array_in'::regproc FROM pg_type
 WHERE typname IN ('int4', '_int4', 'text', 'jsonb', 'uuid') ORDER BY 1;
SELECT proname FROM pg_proc WHERE oid = (SELECT typinput FROM pg_type WHERE typname = 'int8');
SELECT typname[0], typname[0] = '_' FROM pg_type WHERE typname = '_int4';
SELECT * FROM pg_options_to_table('{a=1,b=x=y}') ORDER BY option_name;
SELECT count(*) FROM aclexplode(NULL);
SELECT last_value, is_called FROM t_id_seq;
INSERT INTO t (a) VALUES (1), (2);
SELECT last_value, is_called FROM t_id_seq;
SELECT d.classid::regclass, d.refclassid::regclass, d.deptype FROM pg_depend d
 WHERE d.refobjid = 't_id_seq'::regclass ORDER BY 1, 2;
SELECT '2020-01-02 +00'::date, '2020-01-02 Z'::timestamp, '2020-01-02 +02'::timestamptz;
SELECT pg_typeof(localtime), localtime BETWEEN '00:00' AND '24:00', pg_relation_size('t') >= 0, getdatabaseencoding();
