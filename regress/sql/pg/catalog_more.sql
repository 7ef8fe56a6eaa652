-- over: pg
-- Constraints, indexes, sequences and enums in pg_catalog and information_schema, as drivers and ORMs ask for them.
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id serial PRIMARY KEY, n varchar(5) NOT NULL, p numeric(10, 2) CHECK (p > 0), tags text[], m mood, u uuid, j jsonb, UNIQUE (n, p));
CREATE TABLE f (id integer PRIMARY KEY, a integer REFERENCES t ON DELETE CASCADE, b integer, FOREIGN KEY (b) REFERENCES t (id));
CREATE VIEW v AS SELECT id, n FROM t;
CREATE INDEX i ON t (n, p);
SELECT conname, contype, confrelid::regclass, conindid::regclass, confupdtype, confdeltype FROM pg_constraint WHERE conrelid IN ('t'::regclass, 'f'::regclass) ORDER BY 1;
SELECT conname, conkey, confkey, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('t'::regclass, 'f'::regclass) AND contype <> 'c' ORDER BY 1;
SELECT c.relname, indrelid::regclass, indnatts, indisunique, indisprimary, indkey FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE indrelid = 't'::regclass ORDER BY 1;
SELECT relname, relkind, relhasindex FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname IN ('t', 'f', 'v', 'i', 't_pkey', 't_id_seq') ORDER BY 1;
SELECT enumlabel, enumsortorder FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = 'mood' ORDER BY 2;
SELECT typname, typtype, typcategory, typarray::regtype FROM pg_type WHERE typname IN ('int4', 'text', 'varchar') ORDER BY 1;
SELECT sequencename, data_type, start_value, max_value, increment_by, cycle, last_value FROM pg_sequences WHERE sequencename = 't_id_seq';
SELECT 't'::regclass, 'int4'::regtype, 'pg_class'::regclass::oid, 'public'::regnamespace, to_regclass('t'), to_regclass('nope'), to_regtype('varchar'), to_regtype('nope');
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN ('t', 'f', 'v') ORDER BY 1;
SELECT column_name, ordinal_position, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, udt_name FROM information_schema.columns WHERE table_name = 't' AND column_name <> 'm' ORDER BY ordinal_position;
SELECT constraint_name, table_name, constraint_type FROM information_schema.table_constraints WHERE table_name IN ('t', 'f') AND constraint_name NOT LIKE '%not_null' ORDER BY 1;
SELECT constraint_name, table_name, column_name, ordinal_position FROM information_schema.key_column_usage WHERE table_name IN ('t', 'f') ORDER BY 1, 4;
SELECT constraint_name, unique_constraint_name, update_rule, delete_rule FROM information_schema.referential_constraints WHERE constraint_name LIKE 'f%' ORDER BY 1;
SELECT sequence_name, data_type, start_value, increment FROM information_schema.sequences WHERE sequence_name = 't_id_seq';
SELECT 1 UNION SELECT NULL ORDER BY 1;
SELECT '2024-01-01'::date AS d UNION ALL SELECT NULL ORDER BY 1;
SELECT 1 UNION SELECT '5' ORDER BY 1;
SELECT 1 UNION SELECT 'a';
SELECT NOT 1;
SELECT u FROM (VALUES ('00000000-0000-0001-0000-000000000000'::uuid), ('00000000-0000-0000-0000-000000000001')) x (u) ORDER BY u;
