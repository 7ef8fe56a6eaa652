// SPDX-License-Identifier: Apache-2.0
/* What functions ask of the catalog: settings, names and OIDs, definitions as text, sizes, sequences. */
#include <inttypes.h>
#include "column/pg_inputs.h"
#include "exec/advisory.h"
#include "catalog/column_note.h"
#include "exec/ddl_impl.h"

/* ---- settings ---- */
static enum status service_setting(void *arg, struct str name, struct arena *a, struct str *value, struct error *err)
{
	struct ddl_context *c = arg;
	struct strbuf b;
	strbuf_init(&b, NULL);
	enum status st = settings_get(c->settings, c->session->dialect, name, &b, err);
	if (st == OK)
		*value = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return st;
}

static enum status service_set_setting(void *arg, struct str name, struct str value, bool local, struct error *err)
{
	struct ddl_context *c = arg;
	(void)local;
	return settings_set(c->settings, c->session->dialect, name, value, err);
}

/* ---- objects by OID: tables, and what stands in their definitions ---- */
struct found {
	uint32_t oid;
	struct str name;                /* searched, when oid is 0 */
	struct table *table;            /* a reference */
	const struct index_def *index;
	const struct constraint_def *constraint;
};

static enum status look_inside(void *arg, struct table *t)
{
	struct found *f = arg;
	const struct table_def *d = t->def;
	if (f->table != NULL)
		return OK;
	for (uint32_t i = 0; i < d->index_count && f->index == NULL; i++)
		if (f->oid != 0 ? d->indexes[i].oid == f->oid : str_eq(d->indexes[i].name, f->name))
			f->index = &d->indexes[i];
	for (uint32_t i = 0; i < d->constraint_count && f->index == NULL && f->constraint == NULL; i++)
		if (!constraint_is_note(&d->constraints[i]) &&
		    (f->oid != 0 ? d->constraints[i].oid == f->oid : str_eq(d->constraints[i].name, f->name)))
			f->constraint = &d->constraints[i];
	if (f->index != NULL || f->constraint != NULL)
		f->table = table_ref(t);
	return OK;
}

static bool find_inside(struct ddl_context *c, struct found *f)
{
	(void)!catalog_each_table(c->catalog, c->txn, f->oid != 0 ? STR("") : c->session->database, look_inside, f);
	return f->table != NULL;
}

/* ---- names to OIDs ---- */
struct schema_search {
	struct str database, name;
	uint32_t oid;
	struct arena *a;
};

static enum status match_schema(void *arg, const struct schema_def *d)
{
	struct schema_search *s = arg;
	if (!str_eq(d->database, s->database))
		return OK;
	if (s->oid == 0 && str_eq(d->name, s->name)) {
		s->oid = d->oid;
	} else if (s->a != NULL && d->oid == s->oid) {
		s->name = arena_str(s->a, d->name);
	}
	return OK;
}

static uint32_t type_oid_of(struct ddl_context *c, struct str text, struct arena *a)
{
	const struct type *t;
	struct error ignored;
	struct name n;
	struct parse_options options = {.dialect = DIALECT_POSTGRESQL};
	struct ddl_place places[16];
	uint32_t count;
	if (str_starts_with(text, STR("pg_catalog.")))
		text = str_make(text.data + 11, text.size - 11);
	error_init(&ignored);
	if (type_parse_pg(a, text, 6, &t, &ignored) == OK)
		return type_oid(t);
	error_clear(&ignored);
	if (parse_name(a, text, &options, &n, &ignored) != OK || ddl_places(c, &n, places, 16, &count, &ignored) != OK)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct type_object *d = catalog_find_type(c->catalog, c->txn, places[i].database, places[i].schema,
		                                                places[i].name);
		if (d != NULL)
			return d->oid;
	}
	return 0;
}

static uint32_t relation_oid(struct ddl_context *c, struct str text, struct arena *a)
{
	struct parse_options options = {.dialect = DIALECT_POSTGRESQL};
	struct ddl_place places[17];
	struct error ignored;
	struct name n;
	uint32_t count;
	error_init(&ignored);
	if (parse_name(a, text, &options, &n, &ignored) != OK || ddl_places(c, &n, places, 16, &count, &ignored) != OK)
		return 0;
	if (n.count == 1)
		places[count++] = (struct ddl_place){c->session->database, STR("pg_catalog"), name_last(&n)};
	for (uint32_t i = 0; i < count; i++) {
		struct table *t;
		error_clear(&ignored);
		if (catalog_find_table(c->catalog, c->txn, places[i].database, places[i].schema, places[i].name, &t, &ignored) ==
		    OK) {
			uint32_t oid = t->def->oid;
			table_release(t);
			return oid;
		}
		const struct sequence_def *d =
			catalog_find_sequence(c->catalog, c->txn, places[i].database, places[i].schema, places[i].name);
		if (d != NULL)
			return d->oid;
	}
	struct found f = {.name = name_last(&n)};
	if (!find_inside(c, &f))
		return 0;
	uint32_t oid = f.index != NULL ? f.index->oid : strchr("pu", f.constraint->kind) != NULL ? f.constraint->oid : 0;
	table_release(f.table);
	return oid;
}

static enum status service_oid_of(void *arg, enum face face, struct str name, uint32_t *oid, struct error *err)
{
	struct ddl_context *c = arg;
	struct arena scratch;
	uint64_t number;
	*oid = 0;
	if (str_to_u64(name, &number) && number <= UINT32_MAX) {
		*oid = (uint32_t)number;
		return OK;
	}
	if (c->txn == NULL)
		return OK;
	arena_init(&scratch, NULL);
	struct ddl_context own = *c;
	own.arena = &scratch;
	enum status st = OK;
	if (face == FACE_REGCLASS) {
		*oid = relation_oid(&own, name, &scratch);
	} else if (face == FACE_REGTYPE) {
		*oid = type_oid_of(&own, name, &scratch);
	} else if (face == FACE_REGPROC) {
		*oid = pg_input_oid(name);
	} else if (face == FACE_REGNAMESPACE) {
		struct str bare = name.size >= 2 && name.data[0] == '"' ? str_make(name.data + 1, name.size - 2) : name;
		struct schema_search s = {.database = c->session->database, .name = bare};
		st = catalog_each_schema(c->catalog, c->txn, match_schema, &s);
		*oid = s.oid;
	}
	arena_fini(&scratch);
	(void)err;
	return st;
}

/* ---- OIDs to names ---- */
/* "schema.name", without the schema where the search path finds it. */
static struct str visible_name(struct ddl_context *c, struct arena *a, struct str schema, struct str name)
{
	struct str quoted = ddl_quoted(a, name, DIALECT_POSTGRESQL);
	bool public = schema.size == 0 || str_eq(schema, STR("public"));
	if (!public || str_find(c->session->search_path, STR("public")) >= 0)
		return ddl_pg_name(a, schema, name);
	return arena_strf(a, "public.%.*s", STR_ARG(quoted));
}

static struct str relation_name(struct ddl_context *c, uint32_t oid, struct arena *a)
{
	struct table *t = catalog_find_table_oid(c->catalog, c->txn, oid);
	struct str name = STR("");
	if (t != NULL) {
		struct str schema = str_eq(t->def->schema, STR("pg_catalog")) ? STR("") : t->def->schema;
		name = schema.size == 0 ? ddl_pg_name(a, schema, t->def->name) : visible_name(c, a, schema, t->def->name);
		table_release(t);
		return name;
	}
	const struct sequence_def *s = catalog_find_sequence_oid(c->catalog, c->txn, oid);
	if (s != NULL)
		return visible_name(c, a, s->schema, s->name);
	struct found f = {.oid = oid};
	if (find_inside(c, &f)) {
		name = visible_name(c, a, f.table->def->schema, f.index != NULL ? f.index->name : f.constraint->name);
		table_release(f.table);
	}
	return name;
}

static enum status service_name_of(void *arg, enum face face, uint32_t oid, struct arena *a, struct str *name,
                                   struct error *err)
{
	struct ddl_context *c = arg;
	(void)err;
	*name = face == FACE_REGPROC ? pg_input_name(oid) : STR("");
	if (c->txn == NULL)
		return OK;
	if (face == FACE_REGCLASS) {
		*name = relation_name(c, oid, a);
	} else if (face == FACE_REGTYPE) {
		const struct type_object *d = catalog_find_type_oid(c->catalog, c->txn, oid);
		const struct type *t = d != NULL ? NULL : type_from_oid(a, oid, -1);
		*name = d != NULL ? visible_name(c, a, d->schema, d->name) : t != NULL ? type_pg_base_name(a, t) : STR("");
	} else if (face == FACE_REGNAMESPACE) {
		struct schema_search s = {.database = c->session->database, .name = STR(""), .oid = oid, .a = a};
		TRY(catalog_each_schema(c->catalog, c->txn, match_schema, &s));
		*name = s.name;
	}
	return OK;
}

/* ---- definitions ---- */
static bool view_text(struct ddl_context *c, uint32_t oid, struct arena *a, struct str *text)
{
	struct table *t = catalog_find_table_oid(c->catalog, c->txn, oid);
	if (t == NULL)
		return false;
	bool view = t->def->as_select.text.size != 0;
	if (view)
		*text = arena_strf(a, " %.*s;", STR_ARG(t->def->as_select.text));
	table_release(t);
	return view;
}

static struct str index_text(struct arena *a, const struct found *f)
{
	const struct table_def *d = f->table->def;
	struct str schema = ddl_quoted(a, d->schema, DIALECT_POSTGRESQL), table = ddl_quoted(a, d->name, DIALECT_POSTGRESQL);
	if (f->index != NULL && f->index->pg_definition.size != 0)
		return arena_str(a, f->index->pg_definition);
	if (f->index != NULL)
		return arena_strf(a, "CREATE INDEX %.*s ON %.*s.%.*s USING %.*s (%.*s)",
		                  STR_ARG(ddl_quoted(a, f->index->name, DIALECT_POSTGRESQL)), STR_ARG(schema), STR_ARG(table),
		                  STR_ARG(f->index->type), STR_ARG(f->index->expr.text));
	return arena_strf(a, "CREATE UNIQUE INDEX %.*s ON %.*s.%.*s USING btree (%.*s)",
	                  STR_ARG(ddl_quoted(a, f->constraint->name, DIALECT_POSTGRESQL)), STR_ARG(schema), STR_ARG(table),
	                  STR_ARG(f->constraint->columns));
}

/* The n-th column of an index, from "a, lower(b)". */
static struct str nth_column(struct arena *a, struct str list, int64_t n)
{
	int depth = 0;
	size_t begin = 0;
	for (size_t i = 0; i <= list.size; i++) {
		char ch = i < list.size ? list.data[i] : ',';
		depth += ch == '(' ? 1 : ch == ')' ? -1 : 0;
		if (ch != ',' || depth != 0)
			continue;
		if (--n == 0)
			return arena_str(a, str_trim(str_make(list.data + begin, i - begin)));
		begin = i + 1;
	}
	return STR("");
}

static bool inside_text(struct ddl_context *c, struct str function, const int64_t *args, uint32_t n, struct arena *a,
                        struct str *text)
{
	struct found f = {.oid = (uint32_t)args[0]};
	if (f.oid == 0 || !find_inside(c, &f))
		return false;
	bool index = str_eq(function, STR("pg_get_indexdef"));
	bool found = true;
	if (!index && f.constraint != NULL)
		*text = arena_str(a, f.constraint->definition);
	else if (!index)
		found = false;
	else if (n > 1 && args[1] > 0)
		*text = nth_column(a, f.index != NULL ? f.index->expr.text : f.constraint->columns, args[1]);
	else
		*text = index_text(a, &f);
	table_release(f.table);
	return found;
}

static bool description(struct ddl_context *c, uint32_t oid, int64_t attnum, struct arena *a, struct str *text)
{
	struct table *t = catalog_find_table_oid(c->catalog, c->txn, oid);
	*text = STR("");
	if (t != NULL) {
		if (attnum == 0)
			*text = arena_str(a, t->def->comment);
		for (uint32_t i = 0; i < t->def->column_count; i++)
			if (attnum != 0 && t->def->columns[i].attnum == attnum)
				*text = arena_str(a, t->def->columns[i].comment);
		table_release(t);
		return text->size != 0;
	}
	const struct type_object *d = catalog_find_type_oid(c->catalog, c->txn, oid);
	if (d != NULL)
		*text = arena_str(a, d->comment);
	return text->size != 0;
}

struct sizing {
	struct ddl_context *c;
	struct str database;
	uint32_t oid;
	uint64_t bytes;
	struct error *err;
};

static enum status add_size(void *arg, struct table *t)
{
	struct sizing *s = arg;
	struct table_size size = {0};
	if (t->ops->size == NULL || t->def->oid < 20000)
		return OK;
	TRY(t->ops->size(t, s->c->txn, &size, s->err));
	s->bytes += size.bytes_on_disk;
	return OK;
}

static enum status note_database(void *arg, const struct database_def *d)
{
	struct sizing *s = arg;
	if (d->oid == s->oid)
		s->database = d->name;
	return OK;
}

static enum status size_text(struct ddl_context *c, struct str function, uint32_t oid, struct arena *a,
                             struct str *text, bool *is_null, struct error *err)
{
	struct sizing s = {.c = c, .oid = oid, .err = err};
	if (str_eq(function, STR("pg_database_size"))) {
		TRY(catalog_each_database(c->catalog, c->txn, note_database, &s));
		if (s.database.size != 0)
			TRY(catalog_each_table(c->catalog, c->txn, s.database, add_size, &s));
	} else if (!str_eq(function, STR("pg_indexes_size"))) {
		struct table *t = catalog_find_table_oid(c->catalog, c->txn, oid);
		*is_null = t == NULL && catalog_find_sequence_oid(c->catalog, c->txn, oid) == NULL;
		enum status st = t == NULL ? OK : add_size(&s, t);
		table_release(t);
		TRY(st);
	}
	*text = arena_strf(a, "%" PRIu64, s.bytes);
	return OK;
}

/* pg_get_serial_sequence(table, attnum or column). */
static enum status serial_sequence(struct ddl_context *c, uint32_t oid, int64_t attnum, struct str column,
                                   struct arena *a, struct str *text, bool *is_null, struct error *err)
{
	struct table *t = catalog_find_table_oid(c->catalog, c->txn, oid);
	bool found = false, known = t == NULL || column.size == 0;
	for (uint32_t i = 0; t != NULL && i < t->def->column_count; i++) {
		const struct column_def *d = &t->def->columns[i];
		if (column.size != 0 ? !str_eq(d->name, column) : d->attnum != attnum)
			continue;
		known = true;
		if (d->identity.size == 0)
			continue;
		*text = arena_strf(a, "%.*s.%.*s", STR_ARG(ddl_quoted(a, t->def->schema, DIALECT_POSTGRESQL)),
		                   STR_ARG(ddl_quoted(a, d->identity, DIALECT_POSTGRESQL)));
		found = true;
	}
	*is_null = !found;
	enum status s = known ? OK : ERR(err, E_UNKNOWN_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist",
	                                 STR_ARG(column), STR_ARG(t->def->name));
	table_release(t);
	return s;
}

static enum status service_text(void *arg, struct str f, const int64_t *args, uint32_t n, struct arena *a,
                                struct str *text, bool *is_null, struct error *err)
{
	struct ddl_context *c = arg;
	uint32_t oid = n == 0 ? 0 : (uint32_t)args[0];
	struct str given = *text;
	*text = STR("");
	*is_null = false;
	if (str_eq(f, STR("pg_encoding_to_char"))) {
		*text = oid == 6 ? STR("UTF8") : oid == 0 ? STR("SQL_ASCII") : STR("");
		return OK;
	}
	if (str_eq(f, STR("pg_tablespace_location")) || str_starts_with(f, STR("pg_get_function_")))
		return OK;
	*is_null = true;
	if (c->txn == NULL || n == 0)
		return OK;
	if (str_eq(f, STR("pg_get_viewdef"))) {
		*is_null = !view_text(c, oid, a, text);
	} else if (oid >= DOMAIN_CHECK_OID && str_eq(f, STR("pg_get_constraintdef"))) {
		*is_null = !ddl_domain_check_text(c, oid, text);
		*text = arena_str(a, *text);
	} else if (str_eq(f, STR("pg_get_indexdef")) || str_eq(f, STR("pg_get_constraintdef"))) {
		*is_null = !inside_text(c, f, args, n, a, text);
	} else if (str_eq(f, STR("pg_get_userbyid"))) {
		const struct role_def *r = catalog_find_role_oid(c->catalog, c->txn, oid);
		*text = r != NULL ? arena_str(a, r->name) : arena_strf(a, "unknown (OID=%u)", oid);
		*is_null = false;
	} else if (str_eq(f, STR("obj_description")) || str_eq(f, STR("shobj_description"))) {
		*is_null = !description(c, oid, 0, a, text);
	} else if (str_eq(f, STR("col_description"))) {
		*is_null = n < 2 || args[1] == 0 || !description(c, oid, args[1], a, text);
	} else if (str_eq(f, STR("pg_get_serial_sequence"))) {
		return n < 2 ? OK : serial_sequence(c, oid, args[1], given, a, text, is_null, err);
	} else if (str_ends_with(f, STR("_size"))) {
		*is_null = false;
		return size_text(c, f, oid, a, text, is_null, err);
	}
	return OK;
}

/* ---- sequences ---- */
static const struct sequence_def *sequence_of(struct ddl_context *c, struct str text, struct arena *a,
                                              struct error *err)
{
	struct parse_options options = {.dialect = DIALECT_POSTGRESQL};
	struct ddl_place places[16];
	uint64_t oid;
	uint32_t count;
	struct name n;
	if (str_to_u64(text, &oid))
		return catalog_find_sequence_oid(c->catalog, c->txn, (uint32_t)oid);
	if (parse_name(a, text, &options, &n, err) != OK || ddl_places(c, &n, places, 16, &count, err) != OK)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		const struct sequence_def *d =
			catalog_find_sequence(c->catalog, c->txn, places[i].database, places[i].schema, places[i].name);
		if (d != NULL)
			return d;
	}
	return NULL;
}

static void note_use(struct ddl_context *c, uint32_t oid, int64_t value)
{
	uint32_t n = c->used_count < ARRAY_COUNT(c->used) ? c->used_count : (uint32_t)ARRAY_COUNT(c->used);
	uint32_t at = c->used_count % ARRAY_COUNT(c->used);
	for (uint32_t i = 0; i < n; i++)
		if (c->used[i].oid == oid) {
			c->used[i].value = value;
			return;
		}
	c->used[at] = (struct sequence_use){oid, value};
	c->used_count++;
}

static enum status current_value(struct ddl_context *c, const struct sequence_def *d, int64_t *out, struct error *err)
{
	bool called;
	for (size_t i = 0; i < ARRAY_COUNT(c->used); i++)
		if (c->used[i].oid == d->oid) {
			*out = c->used[i].value;
			return OK;
		}
	catalog_sequence_state(c->catalog, d, out, &called);
	if (called)
		return OK;
	return ERR(err, E_WRONG_STATE, "currval of sequence \"%.*s\" is not yet defined in this session", STR_ARG(d->name));
}

static enum status run_sequence(struct ddl_context *c, const struct sequence_def *d, int operation, int64_t value,
                                int64_t *out, struct error *err)
{
	uint32_t oid = d->oid;
	switch ((enum sequence_operation)operation) {
	case SEQUENCE_NEXTVAL:
		TRY(catalog_sequence_next(c->catalog, c->txn, d->database, d->schema, d->name, out, err));
		note_use(c, oid, *out);
		return OK;
	case SEQUENCE_CURRVAL:
	case SEQUENCE_LASTVAL:
		return current_value(c, d, out, err);
	case SEQUENCE_SETVAL:
	case SEQUENCE_SETVAL_NOT_CALLED:
		TRY(catalog_sequence_set(c->catalog, c->txn, d->database, d->schema, d->name, value, operation == SEQUENCE_SETVAL,
		                         err));
		*out = value;
		if (operation == SEQUENCE_SETVAL)
			note_use(c, oid, value);
		return OK;
	}
	return ERR(err, E_LOGICAL_ERROR, "unknown operation on a sequence");
}

static enum status service_sequence(void *arg, struct str name, int operation, int64_t value, int64_t *out,
                                    struct error *err)
{
	struct ddl_context *c = arg;
	struct arena scratch;
	if (c->txn == NULL)
		return ERR(err, E_WRONG_STATE, "sequences need a transaction");
	if (operation == SEQUENCE_LASTVAL) {
		if (c->used_count == 0)
			return ERR(err, E_WRONG_STATE, "lastval is not yet defined in this session");
		*out = c->used[(c->used_count - 1) % ARRAY_COUNT(c->used)].value;
		return OK;
	}
	arena_init(&scratch, NULL);
	struct ddl_context own = *c;
	own.arena = &scratch;
	struct error why;
	error_init(&why);
	const struct sequence_def *d = sequence_of(&own, name, &scratch, &why);
	enum status st = d != NULL ? run_sequence(c, d, operation, value, out, err)
	                           : ERR(err, E_UNKNOWN_TABLE, "relation \"%.*s\" does not exist", STR_ARG(name));
	arena_fini(&scratch);
	return st;
}

static enum status service_advisory(void *arg, unsigned what, uint64_t key, bool *done, struct error *err)
{
	struct ddl_context *c = arg;
	uint32_t session = c->session->process_id;
	*done = true;
	if (what & ADVISORY_ALL) {
		advisory_release_all(session, false);
		return OK;
	}
	TRY(advisory_change(session, c->session->database, what, key, done, err));
	if ((what & ADVISORY_RELEASE) && !*done)
		ddl_say(c, "WARNING", OK, "you don't own a lock of type %s",
		        what & ADVISORY_SHARED ? "ShareLock" : "ExclusiveLock");
	return OK;
}

static const struct type *service_setting_type(struct str name)
{
	const struct setting_info *info = setting_find(name, NULL);
	if (info == NULL)
		return NULL;
	switch (info->kind) {
	case SETTING_BOOL: return type_simple(TYPE_BOOL);
	case SETTING_U64: case SETTING_MS: return type_simple(TYPE_UINT64);
	case SETTING_I64: return type_simple(TYPE_INT64);
	case SETTING_FLOAT: case SETTING_SECONDS: return type_simple(TYPE_FLOAT64);
	default: return type_simple(TYPE_STRING);
	}
}

const struct eval_services catalog_services = {
	.advisory = service_advisory,
	.setting = service_setting,
	.setting_type = service_setting_type,
	.set_setting = service_set_setting,
	.oid_of = service_oid_of,
	.name_of = service_name_of,
	.catalog_text = service_text,
	.sequence = service_sequence,
};
