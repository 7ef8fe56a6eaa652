// SPDX-License-Identifier: Apache-2.0
/* pg_catalog's relations about indexes, constraints, sequences and types. */
#include "catalog/objects.h"
#include "engine/system/pg_impl.h"
#include "parse/ast_alter.h"
#include "parse/ast_query.h"
#include "parse/parser.h"

enum { KEYS_MAX = 64 };

/* A primary key, a unique constraint, or an index of either dialect, as pg_index has it. */
struct index_view {
	uint32_t oid;
	struct str name, columns;
	bool unique, primary;
	uint32_t method;
};

static uint32_t index_total(const struct table_def *d)
{
	return d->constraint_count + d->index_count;
}

static bool index_at(const struct table_def *d, uint32_t i, struct index_view *out)
{
	if (i < d->constraint_count) {
		const struct constraint_def *c = &d->constraints[i];
		if (c->kind != 'p' && c->kind != 'u')
			return false;
		*out = (struct index_view){c->oid, c->name, c->columns, true, c->kind == 'p', BTREE_AM};
		return true;
	}
	const struct index_def *x = &d->indexes[i - d->constraint_count];
	*out = (struct index_view){x->oid, x->name, x->expr.text, x->unique, false,
	                           x->pg_definition.size != 0 ? BTREE_AM : SKIP_AM};
	return true;
}

bool pg_has_index(const struct table_def *d)
{
	struct index_view x;
	for (uint32_t i = 0; i < index_total(d); i++)
		if (index_at(d, i, &x))
			return true;
	return false;
}

bool pg_has_keys(const struct table_def *d)
{
	for (uint32_t i = 0; i < d->constraint_count; i++)
		if (strchr("fpu", d->constraints[i].kind) != NULL)
			return true;
	return false;
}

/* The columns of "a, \"B\", lower(c)": their numbers, 0 for an expression. */
static uint32_t key_columns(struct system_rows *r, const struct table_def *d, struct str list, int64_t *out)
{
	uint32_t n = 0;
	int depth = 0;
	size_t begin = 0;
	list = str_trim(list);
	if (list.size >= 2 && list.data[0] == '(' && list.data[list.size - 1] == ')')
		list = str_make(list.data + 1, list.size - 2);
	for (size_t i = 0; i <= list.size && n < KEYS_MAX; i++) {
		char ch = i < list.size ? list.data[i] : ',';
		depth += ch == '(' ? 1 : ch == ')' ? -1 : 0;
		if (ch != ',' || depth != 0)
			continue;
		struct str one = str_trim(str_make(list.data + begin, i - begin));
		begin = i + 1;
		if (one.size == 0)
			continue;
		/* "a DESC NULLS LAST" is still column a */
		if (one.data[0] != '"' && one.data[0] != '`') {
			ptrdiff_t blank = str_find_char(one, ' ');
			one = blank < 0 ? one : str_make(one.data, (size_t)blank);
		} else if (one.size >= 2) {
			one = str_make(one.data + 1, one.size - 2);
		}
		const struct column_def *c = table_def_column(d, one);
		out[n++] = c == NULL ? 0 : c->attnum;
	}
	return n;
}

static enum status each(struct system_rows *r, enum status (*put)(void *arg, struct table *t))
{
	enum status s = catalog_each_table(r->catalog, r->txn, STR(""), put, r);
	if (s != OK)
		r->status = s;
	return s;
}

static struct str schema_of(const struct table_def *d)
{
	return d->schema.size != 0 ? d->schema : STR("public");
}

static const struct column_def *column_by_number(const struct table_def *d, int64_t attnum)
{
	for (uint32_t i = 0; i < d->column_count; i++)
		if (d->columns[i].attnum == attnum && !d->columns[i].hidden)
			return &d->columns[i];
	return NULL;
}

/* ---- indexes ---- */

/* The part of pg_class that indexes and sequences have in common; columns behind it are defaults. */
static void put_class(struct system_rows *r, uint32_t oid, struct str name, uint32_t schema, uint32_t method,
                      const char *kind, uint32_t columns, bool temporary)
{
	rows_u64(r, oid);
	rows_text(r, name);
	rows_u64(r, schema);
	rows_defaults(r, 2);
	rows_u64(r, OWNER);
	rows_u64(r, method);
	rows_u64(r, oid);
	rows_defaults(r, 7);
	rows_textz(r, temporary ? "t" : "p");
	rows_textz(r, kind);
	rows_u64(r, columns);
	rows_defaults(r, 6);
	rows_bool(r, true);
	rows_textz(r, "n");
	rows_end(r);
}

void pg_put_index_classes(struct system_rows *r, const struct table_def *d)
{
	struct index_view x;
	int64_t keys[KEYS_MAX];
	for (uint32_t i = 0; i < index_total(d) && r->status == OK; i++)
		if (index_at(d, i, &x))
			put_class(r, x.oid, x.name, pg_schema_oid(r, d->schema), x.method, "i", key_columns(r, d, x.columns, keys),
			          d->temporary);
}

void pg_put_index_attributes(struct system_rows *r, const struct table_def *d)
{
	struct index_view x;
	int64_t keys[KEYS_MAX];
	for (uint32_t i = 0; i < index_total(d) && r->status == OK; i++) {
		if (!index_at(d, i, &x))
			continue;
		uint32_t n = key_columns(r, d, x.columns, keys);
		for (uint32_t k = 0; k < n; k++) {
			const struct column_def *c = column_by_number(d, keys[k]);
			const struct type *t = c != NULL ? c->type : type_simple(TYPE_STRING);
			rows_u64(r, x.oid);
			rows_text(r, c != NULL ? c->name : STR("expr"));
			rows_u64(r, type_oid(t));
			rows_i64(r, -1);
			rows_i64(r, face_info(type_face(t))->length);
			rows_i64(r, k + 1);
			rows_defaults(r, 1);
			rows_i64(r, -1);
			rows_i64(r, type_typmod(t));
			rows_end(r);
		}
	}
}

static enum status put_indexes(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct index_view x;
	int64_t keys[KEYS_MAX], zeros[KEYS_MAX] = {0}, classes[KEYS_MAX];
	for (uint32_t i = 0; pg_is_here(r, d) && i < index_total(d) && r->status == OK; i++) {
		if (!index_at(d, i, &x))
			continue;
		uint32_t n = key_columns(r, d, x.columns, keys);
		bool expression = false;
		for (uint32_t k = 0; k < n; k++) {
			classes[k] = BTREE_OPCLASS;
			expression |= keys[k] == 0;
		}
		rows_u64(r, x.oid);
		rows_u64(r, d->oid);
		rows_u64(r, n);
		rows_u64(r, n);
		rows_bool(r, x.unique);
		rows_bool(r, false);
		rows_bool(r, x.primary);
		rows_bool(r, false);
		rows_bool(r, true);
		rows_bool(r, false);
		rows_bool(r, true);
		rows_bool(r, false);
		rows_bool(r, true);
		rows_bool(r, true);
		rows_bool(r, false);
		rows_numbers(r, keys, n);
		rows_numbers(r, zeros, n);
		rows_numbers(r, classes, n);
		rows_numbers(r, zeros, n);
		if (expression)
			rows_text(r, x.columns);
		else
			rows_null(r);
		rows_null(r);
		rows_end(r);
	}
	return r->status;
}

void pg_fill_index(struct system_rows *r)
{
	if (each(r, put_indexes) != OK)
		rows_end(r);
}

static struct str catalog_text(struct system_rows *r, const char *function, uint32_t oid)
{
	const struct eval_services *services = r->session->services;
	struct str text = STR("");
	bool is_null = true;
	int64_t argument = oid;
	if (services == NULL || services->catalog_text == NULL)
		return text;
	enum status s = services->catalog_text(r->session->services_arg, str_of(function), &argument, 1, r->arena, &text,
	                                       &is_null, NULL);
	return s != OK || is_null ? STR("") : text;
}

static enum status put_index_definitions(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct index_view x;
	for (uint32_t i = 0; pg_is_here(r, d) && i < index_total(d) && r->status == OK; i++) {
		if (!index_at(d, i, &x))
			continue;
		rows_text(r, schema_of(d));
		rows_text(r, d->name);
		rows_text(r, x.name);
		rows_null(r);
		rows_text(r, catalog_text(r, "pg_get_indexdef", x.oid));
		rows_end(r);
	}
	return r->status;
}

void pg_fill_indexes(struct system_rows *r)
{
	if (each(r, put_index_definitions) != OK)
		rows_end(r);
}

/* ---- constraints ---- */

/* What "FOREIGN KEY (a) REFERENCES s.t(b) ON DELETE CASCADE" refers to. */
struct reference {
	struct table *table;
	struct str columns;
	char on_update, on_delete;
};

static char action_of(struct str text, const char *clause)
{
	static const struct {
		const char *words;
		char code;
	} actions[] = {{"CASCADE", 'c'}, {"RESTRICT", 'r'}, {"SET NULL", 'n'}, {"SET DEFAULT", 'd'}};
	ptrdiff_t at = str_find(text, str_of(clause));
	if (at < 0)
		return 'a';
	struct str rest = str_make(text.data + at + strlen(clause), text.size - (size_t)at - strlen(clause));
	for (size_t i = 0; i < ARRAY_COUNT(actions); i++)
		if (str_starts_with(str_trim(rest), str_of(actions[i].words)))
			return actions[i].code;
	return 'a';
}

static struct reference reference_of(struct system_rows *r, const struct constraint_def *c)
{
	struct reference f = {.on_update = action_of(c->definition, " ON UPDATE"),
	                      .on_delete = action_of(c->definition, " ON DELETE")};
	ptrdiff_t at = str_find(c->definition, STR(" REFERENCES "));
	const struct eval_services *services = r->session->services;
	uint32_t oid = 0;
	if (at < 0 || services == NULL || services->oid_of == NULL)
		return f;
	struct str rest = str_make(c->definition.data + at + 12, c->definition.size - (size_t)at - 12);
	size_t n = 0;
	while (n < rest.size && rest.data[n] != '(' && rest.data[n] != ' ')
		n++;
	if (n < rest.size && rest.data[n] == '(') {
		ptrdiff_t end = str_find_char(rest, ')');
		if (end > 0)
			f.columns = str_make(rest.data + n + 1, (size_t)end - n - 1);
	}
	if (services->oid_of(r->session->services_arg, FACE_REGCLASS, str_make(rest.data, n), &oid, NULL) == OK && oid != 0)
		f.table = catalog_find_table_oid(r->catalog, r->txn, oid);
	return f;
}

static void put_constraint(struct system_rows *r, const struct table_def *d, const struct constraint_def *c)
{
	struct reference f = {NULL, STR(""), ' ', ' '};
	int64_t keys[KEYS_MAX], other[KEYS_MAX];
	char kind[2] = {c->kind, 0}, update[2] = {0}, delete[2] = {0};
	bool keyed = c->kind == 'p' || c->kind == 'u';
	uint32_t n = key_columns(r, d, c->columns, keys), others = 0, referenced_index = 0;
	if (c->kind == 'f')
		f = reference_of(r, c);
	update[0] = f.on_update;
	delete[0] = f.on_delete;
	for (uint32_t i = 0; f.table != NULL && i < f.table->def->constraint_count; i++) {
		const struct constraint_def *p = &f.table->def->constraints[i];
		if (p->kind != 'p' && p->kind != 'u')
			continue;
		if (f.columns.size == 0 ? p->kind == 'p' : str_eq(p->columns, f.columns)) {
			referenced_index = p->oid;
			f.columns = p->columns;
		}
	}
	rows_u64(r, c->oid);
	rows_text(r, c->name);
	rows_u64(r, pg_schema_oid(r, d->schema));
	rows_textz(r, kind);
	rows_bool(r, false);
	rows_bool(r, false);
	rows_bool(r, true);
	rows_u64(r, d->oid);
	rows_u64(r, 0);
	rows_u64(r, keyed ? c->oid : referenced_index);
	rows_u64(r, 0);
	rows_u64(r, f.table == NULL ? 0 : f.table->def->oid);
	rows_textz(r, update);
	rows_textz(r, delete);
	rows_textz(r, c->kind == 'f' ? "s" : " ");
	rows_bool(r, true);
	rows_i64(r, 0);
	rows_bool(r, c->kind != 'c');
	if (n != 0)
		rows_numbers(r, keys, n);
	else
		rows_null(r);
	if (f.table != NULL && (others = key_columns(r, f.table->def, f.columns, other)) != 0)
		rows_numbers(r, other, others);
	else
		rows_null(r);
	rows_defaults(r, 5);
	if (c->kind == 'c')
		rows_text(r, c->expr.text);
	else
		rows_null(r);
	rows_end(r);
	table_release(f.table);
}

static enum status put_constraints(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	for (uint32_t i = 0; pg_is_here(r, d) && i < d->constraint_count && r->status == OK; i++)
		if (strchr("adi", d->constraints[i].kind) == NULL)
			put_constraint(r, d, &d->constraints[i]);
	return r->status;
}

/* CHECKs of domains. Their names stand in the definition or are chosen as PostgreSQL does. */
static enum status put_domain_checks(void *arg, const struct type_object *d)
{
	struct system_rows *r = arg;
	struct parse_options options = {.dialect = DIALECT_POSTGRESQL};
	struct ast *x;
	uint32_t number = 0;
	if (d->kind != 'd' || !str_eq(d->database, r->session->database) ||
	    parse_statement(r->arena, arena_strf(r->arena, "CREATE DOMAIN x AS %.*s", STR_ARG(d->definition)), &options, &x,
	                    NULL) != OK)
		return r->status;
	AST_EACH(&((const struct ast_create_type *)x)->domain->constraints, item) {
		const struct ast_constraint *k = (const struct ast_constraint *)item;
		if (k->type != CONSTRAINT_CHECK || number == DOMAIN_CHECKS_MAX)
			continue;
		struct str chosen = number == 0 ? arena_strf(r->arena, "%.*s_check", STR_ARG(d->name))
			: arena_strf(r->arena, "%.*s_check%u", STR_ARG(d->name), number);
		rows_u64(r, DOMAIN_CHECK_OID + d->oid * DOMAIN_CHECKS_MAX + number++);
		rows_text(r, k->name.size != 0 ? k->name : chosen);
		rows_u64(r, pg_schema_oid(r, d->schema));
		rows_textz(r, "c");
		rows_bool(r, false);
		rows_bool(r, false);
		rows_bool(r, true);
		rows_u64(r, 0);
		rows_u64(r, d->oid);
		rows_defaults(r, 3);
		rows_textz(r, " ");
		rows_textz(r, " ");
		rows_textz(r, " ");
		rows_bool(r, true);
		rows_i64(r, 0);
		rows_bool(r, false);
		rows_null(r);
		rows_null(r);
		rows_defaults(r, 5);
		rows_null(r);
		rows_end(r);
	}
	return r->status;
}

void pg_fill_constraint(struct system_rows *r)
{
	if (catalog_each_type(r->catalog, r->txn, put_domain_checks, r) != OK)
		rows_end(r);
	if (each(r, put_constraints) != OK)
		rows_end(r);
}

/* ---- sequences ---- */

static uint32_t sequence_type(const struct sequence_def *d)
{
	return str_eq(d->type, STR("smallint")) ? face_info(FACE_INT2)->oid
	       : str_eq(d->type, STR("integer")) ? face_info(FACE_INT4)->oid : face_info(FACE_INT8)->oid;
}

static bool sequence_is_here(const struct system_rows *r, const struct sequence_def *d)
{
	return str_eq(d->database, r->session->database);
}

static enum status put_sequence_class(void *arg, const struct sequence_def *d)
{
	struct system_rows *r = arg;
	if (sequence_is_here(r, d))
		put_class(r, d->oid, d->name, pg_schema_oid(r, d->schema), 0, "S", 3, false);
	return r->status;
}

void pg_put_sequence_classes(struct system_rows *r)
{
	enum status s = catalog_each_sequence(r->catalog, r->txn, put_sequence_class, r);
	if (s != OK)
		r->status = s;
}

static enum status put_sequence(void *arg, const struct sequence_def *d)
{
	struct system_rows *r = arg;
	if (!sequence_is_here(r, d))
		return r->status;
	rows_u64(r, d->oid);
	rows_u64(r, sequence_type(d));
	rows_i64(r, d->start);
	rows_i64(r, d->increment);
	rows_i64(r, d->max_value);
	rows_i64(r, d->min_value);
	rows_i64(r, d->cache);
	rows_bool(r, d->cycle);
	rows_end(r);
	return r->status;
}

void pg_fill_sequence(struct system_rows *r)
{
	if (catalog_each_sequence(r->catalog, r->txn, put_sequence, r) != OK)
		rows_end(r);
}

static enum status put_sequence_view(void *arg, const struct sequence_def *d)
{
	struct system_rows *r = arg;
	int64_t value;
	bool is_called;
	if (!sequence_is_here(r, d))
		return r->status;
	catalog_sequence_state(r->catalog, d, &value, &is_called);
	rows_text(r, d->schema.size != 0 ? d->schema : STR("public"));
	rows_text(r, d->name);
	rows_textz(r, "default");
	rows_u64(r, sequence_type(d));
	rows_i64(r, d->start);
	rows_i64(r, d->min_value);
	rows_i64(r, d->max_value);
	rows_i64(r, d->increment);
	rows_bool(r, d->cycle);
	rows_i64(r, d->cache);
	if (is_called)
		rows_i64(r, value);
	else
		rows_null(r);
	rows_end(r);
	return r->status;
}

void pg_fill_sequences(struct system_rows *r)
{
	if (catalog_each_sequence(r->catalog, r->txn, put_sequence_view, r) != OK)
		rows_end(r);
}

/* ---- what belongs to what: sequences to columns, defaults to columns, indexes to constraints ---- */

static void put_depend(struct system_rows *r, uint32_t class, uint32_t oid, uint32_t of_class, uint32_t of,
                       int64_t of_column, const char *kind)
{
	rows_u64(r, class);
	rows_u64(r, oid);
	rows_i64(r, 0);
	rows_u64(r, of_class);
	rows_u64(r, of);
	rows_i64(r, of_column);
	rows_textz(r, kind);
	rows_end(r);
}

struct owned {
	struct str path;            /* schema.table.column */
	struct str database;
	uint32_t oid;
};

static enum status match_owned(void *arg, const struct sequence_def *d)
{
	struct owned *o = arg;
	if (o->oid == 0 && str_eq(d->owned_by, o->path) && str_eq(d->database, o->database))
		o->oid = d->oid;
	return OK;
}

/* The sequence that a column fills itself from, or that ALTER SEQUENCE … OWNED BY gave it; NULL: none. */
static const struct sequence_def *owned_sequence(struct system_rows *r, const struct table_def *d,
                                                 const struct column_def *c)
{
	if (c->identity.size != 0)
		return catalog_find_sequence(r->catalog, r->txn, d->database, d->schema, c->identity);
	if (c->default_expr.text.size == 0)
		return NULL;
	struct owned o = {.database = d->database, .path = arena_strf(r->arena, "%.*s.%.*s.%.*s", STR_ARG(schema_of(d)),
		STR_ARG(d->name), STR_ARG(c->name))};
	if (catalog_each_sequence(r->catalog, r->txn, match_owned, &o) != OK || o.oid == 0)
		return NULL;
	return catalog_find_sequence_oid(r->catalog, r->txn, o.oid);
}

static enum status put_table_depends(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct index_view x;
	if (!pg_is_here(r, d))
		return OK;
	for (uint32_t i = 0; i < d->column_count && r->status == OK; i++) {
		const struct column_def *c = &d->columns[i];
		const struct sequence_def *s = owned_sequence(r, d, c);
		bool identity = table_def_note(d, c, 'i') != NULL;
		if (s == NULL)
			continue;
		put_depend(r, CLASS_OID, s->oid, CLASS_OID, d->oid, c->attnum, identity ? "i" : "a");
		if (c->default_expr.text.size == 0 || identity)
			continue;
		/* the default needs the sequence, which needs the column: a dump sets it afterwards */
		put_depend(r, ATTRDEF_OID, d->oid * 1000u + i, CLASS_OID, d->oid, c->attnum, "a");
		put_depend(r, ATTRDEF_OID, d->oid * 1000u + i, CLASS_OID, s->oid, 0, "n");
	}
	for (uint32_t i = 0; i < index_total(d) && r->status == OK; i++)
		if (index_at(d, i, &x))
			put_depend(r, CLASS_OID, x.oid, i < d->constraint_count ? CONSTRAINT_OID : CLASS_OID,
			           i < d->constraint_count ? x.oid : d->oid, 0, i < d->constraint_count ? "i" : "a");
	return r->status;
}

/* ---- views and what they read: a dump orders them by it ---- */

static bool is_view(const struct table_def *d)
{
	return (d->kind == TABLE_VIEW || d->kind == TABLE_MATERIALIZED_VIEW) && d->oid >= FIRST_USER_OID;
}

static enum status put_rule(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	if (!pg_is_here(r, d) || !is_view(d))
		return r->status;
	rows_u64(r, d->oid | RULE_OID);
	rows_textz(r, "_RETURN");
	rows_u64(r, d->oid);
	rows_textz(r, "1");
	rows_textz(r, "O");
	rows_bool(r, true);
	rows_end(r);
	return r->status;
}

void pg_fill_rewrite(struct system_rows *r)
{
	if (each(r, put_rule) != OK)
		rows_end(r);
}

struct reading {
	struct system_rows *r;
	const struct table_def *view;
};

static void put_read(struct ast **x, void *arg)
{
	struct reading *g = arg;
	const struct ast_table *t = (const struct ast_table *)*x;
	if ((*x)->kind == AST_TABLE && t->form == TABLE_NAME) {
		struct error ignored;
		struct table *of;
		struct str schema = t->name.count > 1 ? t->name.parts[t->name.count - 2].text : g->view->schema;
		error_init(&ignored);
		if (catalog_find_table(g->r->catalog, g->r->txn, g->view->database, schema, name_last(&t->name), &of, &ignored) ==
		    OK) {
			put_depend(g->r, REWRITE_OID, g->view->oid | RULE_OID, CLASS_OID, of->def->oid, 0, "n");
			table_release(of);
		}
	}
	ast_children(*x, put_read, g);
}

static enum status put_view_depends(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct parse_options options = {.dialect = d->as_select.dialect};
	struct reading g = {r, d};
	struct ast *query;
	if (!pg_is_here(r, d) || !is_view(d))
		return r->status;
	put_depend(r, REWRITE_OID, d->oid | RULE_OID, CLASS_OID, d->oid, 0, "i");
	if (parse_statement(r->arena, d->as_select.text, &options, &query, NULL) == OK)
		put_read(&query, &g);
	return r->status;
}

/* The schema `system` belongs to an extension that is built in, so a dump leaves it out. */
static enum status put_schema_depends(void *arg, const struct schema_def *d)
{
	struct system_rows *r = arg;
	if (str_eq(d->database, r->session->database) && str_eq(d->name, STR("system")))
		put_depend(r, NAMESPACE_OID, d->oid, EXTENSION_OID, OWN_EXTENSION, 0, "e");
	return r->status;
}

void pg_fill_depend(struct system_rows *r)
{
	if (catalog_each_schema(r->catalog, r->txn, put_schema_depends, r) != OK || each(r, put_view_depends) != OK)
		rows_end(r);
	if (each(r, put_table_depends) != OK)
		rows_end(r);
}

/* ---- types made by CREATE TYPE ---- */

static enum status put_named_type(void *arg, const struct type_object *d)
{
	struct system_rows *r = arg;
	if (!str_eq(d->database, r->session->database))
		return OK;
	uint32_t schema = pg_schema_oid(r, d->schema);
	struct pg_type_row row = {.oid = d->oid, .schema = schema, .array = d->array_oid, .name = d->name,
		.length = d->kind == 'e' ? 4 : -1, .category = d->kind == 'e' ? 'E' : d->kind == 'c' ? 'C' : 'U', .kind = d->kind};
	if (d->kind == 'd' && d->type != NULL) {
		const struct face_info *face = face_info(type_face(d->type));
		row.base = type_oid(d->type);
		row.typmod = type_typmod(d->type);
		row.length = face->length;
		row.category = face->category;
		row.not_null = str_find(d->definition, STR("NOT NULL")) >= 0;
	}
	pg_put_type(r, &row);
	if (d->array_oid == 0)
		return r->status;
	row = (struct pg_type_row){.oid = d->array_oid, .schema = schema, .element = d->oid,
		.name = arena_strf(r->arena, "_%.*s", STR_ARG(d->name)), .length = -1, .category = 'A', .kind = 'b'};
	pg_put_type(r, &row);
	return r->status;
}

void pg_put_named_types(struct system_rows *r)
{
	enum status s = catalog_each_type(r->catalog, r->txn, put_named_type, r);
	if (s != OK)
		r->status = s;
}

static enum status put_labels(void *arg, const struct type_object *d)
{
	struct system_rows *r = arg;
	for (uint32_t i = 0; d->kind == 'e' && i < d->label_count && r->status == OK; i++) {
		rows_u64(r, d->oid * 1000u + i);
		rows_u64(r, d->oid);
		rows_i64(r, i + 1);
		rows_text(r, d->labels[i]);
		rows_end(r);
	}
	return r->status;
}

void pg_fill_enum(struct system_rows *r)
{
	if (catalog_each_type(r->catalog, r->txn, put_labels, r) != OK)
		rows_end(r);
}

/* ---- the rest ---- */

static enum status put_extension(void *arg, const struct recorded_def *d)
{
	struct system_rows *r = arg;
	if (!str_eq(d->kind, STR("EXTENSION")) || !str_eq(d->database, r->session->database))
		return OK;
	rows_u64(r, d->oid);
	rows_text(r, d->name);
	rows_u64(r, OWNER);
	rows_u64(r, pg_schema_oid(r, d->schema));
	rows_bool(r, true);
	rows_text(r, d->version);
	rows_end(r);
	return r->status;
}

void pg_fill_extension(struct system_rows *r)
{
	rows_u64(r, OWN_EXTENSION);
	rows_textz(r, "hanzo_datastore");
	rows_u64(r, OWNER);
	rows_u64(r, NAMESPACE_CATALOG);
	rows_bool(r, false);
	rows_textz(r, "1.0");
	rows_end(r);
	if (catalog_each_recorded(r->catalog, r->txn, put_extension, r) != OK)
		rows_end(r);
}

static enum status put_matview(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	if (!pg_is_here(r, d) || d->kind != TABLE_MATERIALIZED_VIEW)
		return OK;
	rows_text(r, schema_of(d));
	rows_text(r, d->name);
	rows_text(r, d->owner.size != 0 ? d->owner : STR("default"));
	rows_null(r);
	rows_bool(r, false);
	rows_bool(r, true);
	rows_text(r, d->as_select.text);
	rows_end(r);
	return r->status;
}

void pg_fill_matviews(struct system_rows *r)
{
	if (each(r, put_matview) != OK)
		rows_end(r);
}

static enum status put_user_table(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct table_size size = {0};
	if (!pg_is_here(r, d) || d->kind != TABLE_TABLE)
		return OK;
	if (t->ops->size != NULL && t->ops->size(t, r->txn, &size, NULL) != OK)
		size = (struct table_size){0};
	rows_u64(r, d->oid);
	rows_text(r, schema_of(d));
	rows_text(r, d->name);
	rows_defaults(r, 8);
	rows_u64(r, size.rows);
	rows_end(r);
	return r->status;
}

void pg_fill_user_tables(struct system_rows *r)
{
	if (each(r, put_user_table) != OK)
		rows_end(r);
}
