-- over: pg
-- pg_catalog and information_schema, as far as tools look.
CREATE TABLE t (id integer NOT NULL, name text, price numeric(10, 2), at timestamptz DEFAULT now());
SELECT relname, relkind FROM pg_class WHERE relname = 't';
SELECT attname, attnum, atttypid::regtype, attnotnull, atthasdef FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 ORDER BY attnum;
SELECT schemaname, tablename FROM pg_tables WHERE tablename = 't';
SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_name = 't';
SELECT column_name, data_type, is_nullable, numeric_precision, numeric_scale FROM information_schema.columns WHERE table_name = 't' ORDER BY ordinal_position;
SELECT nspname FROM pg_namespace WHERE nspname IN ('public', 'pg_catalog', 'information_schema') ORDER BY 1;
SELECT datname = current_database() FROM pg_database WHERE datname = current_database();
SELECT typname, typlen, typcategory FROM pg_type WHERE typname IN ('int4', 'text', 'bool', 'timestamptz') ORDER BY 1;
SELECT count(*) > 100 FROM pg_type;
SELECT count(*) > 500 FROM pg_proc;
SELECT oid::regclass FROM pg_class WHERE relname = 't';
SELECT to_regclass('t'), to_regclass('nothere'), 't'::regclass::oid > 0;
SELECT c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 't';
SELECT has_table_privilege('t', 'select'), pg_table_is_visible('t'::regclass), pg_get_userbyid(relowner) = current_user FROM pg_class WHERE relname = 't';
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 't'::regclass;
SELECT count(*) >= 1 FROM pg_stat_activity;
SELECT name, setting FROM pg_settings WHERE name = 'standard_conforming_strings';
