// SPDX-License-Identifier: Apache-2.0
/* Column definitions of both dialects. */
#include <assert.h>
#include "exec/ddl_impl.h"
#include "io/codec.h"
#include "storage/serial.h"

enum { COLUMNS_MAX = 10000 };

/* ---- types ---- */

/* An enum type of CREATE TYPE; mood, public.mood, mood[]. */
static const struct type *named_type(struct ddl_context *c, struct arena *a, const struct ast_type *t)
{
	struct ddl_place places[16];
	uint32_t count;
	struct error ignored;
	error_init(&ignored);
	if (t->has_args || ddl_places(c, &t->name, places, 16, &count, &ignored) != OK)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		const struct type_object *o = catalog_find_type(c->catalog, c->txn, places[i].database, places[i].schema,
		                                                places[i].name);
		if (o == NULL || o->type == NULL)
			continue;
		const struct type *type = type_object_type(a, o);
		for (unsigned d = 0; d < t->dimensions; d++)
			type = type_array(a, d == 0 ? type_nullable(a, type) : type);
		return type;
	}
	return NULL;
}

static bool can_be_null(const struct type *t)
{
	return t->id != TYPE_ARRAY && t->id != TYPE_MAP && t->id != TYPE_TUPLE && t->id != TYPE_AGGSTATE;
}

enum status ddl_column_type(struct ddl_context *c, struct arena *a, const struct ast_type *t, enum nullability said,
                            const struct type **out, struct error *err)
{
	struct error why;
	uint64_t scale = settings_u64(c->settings, SET_timestamptz_precision);
	error_init(&why);
	enum status st = E_UNKNOWN_TYPE;
	if (ddl_is_pg(c) && scale != 6) {
		struct str text = STR("");
		struct strbuf b;
		strbuf_init(&b, NULL);
		ast_print_type(&b, t, &(struct print_options){.dialect = DIALECT_POSTGRESQL});
		text = strbuf_str(&b);
		st = type_parse_pg(a, text, (unsigned)scale, out, &why);
		strbuf_fini(&b);
		error_clear(&why);
	}
	if (st != OK)
		st = bind_type(a, t, c->session->dialect, out, &why);
	if (st != OK) {
		*out = named_type(c, a, t);
		if (*out == NULL) {
			ERR(err, st, "%s", why.message);
			return error_at(err, t->ast.position);
		}
	}
	if (said == NULLABILITY_NOT_NULL)
		return OK;
	bool nullable = said == NULLABILITY_NULL || ddl_is_pg(c) || settings_bool(c->settings, SET_data_type_default_nullable);
	if (nullable && can_be_null(*out))
		*out = type_nullable(a, *out);
	else if (said == NULLABILITY_NULL && !ddl_is_pg(c))
		return ERR(err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Nested type %.*s cannot be inside Nullable type",
		           STR_ARG(type_name(a, *out)));
	return OK;
}

enum status ddl_storable(struct arena *a, const struct type *t, const struct type **out, struct error *err)
{
	const struct type **children;
	*out = t;
	switch (t->id) {
	case TYPE_NUMERIC:
		TRY(type_parse_pg(a, STR("numeric"), 6, out, err));
		break;
	case TYPE_PGINTERVAL:
		TRY(type_parse_pg(a, STR("interval"), 6, out, err));
		return OK; /* a tuple: what is NULL is kept beside it */
	case TYPE_NOTHING:
		*out = type_simple(TYPE_STRING);
		break;
	case TYPE_LAMBDA:
		return ERR(err, E_ILLEGAL_COLUMN, "a function cannot be stored");
	case TYPE_ARRAY:
	case TYPE_MAP:
	case TYPE_TUPLE:
		children = ARENA_ARRAY(a, const struct type *, t->child_count + 1);
		for (uint32_t i = 0; i < t->child_count; i++)
			TRY(ddl_storable(a, t->children[i], &children[i], err));
		struct type *own = arena_copy(a, t, sizeof *t);
		own->nullable = false;
		own->children = children;
		*out = own;
		return OK;
	default:
		break;
	}
	if (t->nullable && *out != t)
		*out = type_nullable(a, *out);
	return OK;
}

/* ---- adding ---- */
struct column_def *ddl_push_column(struct ddl_columns *to, struct str name, const struct type *type)
{
	struct table_def *d = to->def;
	struct column_def column = {.name = arena_str(&d->arena, name), .type = type_copy(&d->arena, type)};
	ARENA_PUSH(&d->arena, d->columns, d->column_count, to->capacity, column);
	return &d->columns[d->column_count - 1];
}

void ddl_settle_null_column(struct ddl_columns *to, struct str name)
{
	struct table_def *def = to->def;
	const struct column_def *d = table_def_column(def, name), *mask = table_def_null_column(def, d);
	bool composite = d->type->id == TYPE_ARRAY || d->type->id == TYPE_MAP || d->type->id == TYPE_TUPLE;
	bool wanted = ddl_is_pg(to->c) && composite && !d->not_null &&
	              (d->default_kind == COLUMN_PLAIN || d->default_kind == COLUMN_DEFAULT);
	if (mask != NULL && !composite) {
		uint32_t at = (uint32_t)(mask - def->columns);
		memmove(&def->columns[at], &def->columns[at + 1], (--def->column_count - at) * sizeof *def->columns);
	}
	if (mask != NULL || !wanted)
		return;
	bool filled = d->default_expr.text.size != 0;
	mask = ddl_push_column(to, arena_strf(&def->arena, "__null_%.*s", STR_ARG(name)), type_simple(TYPE_UINT8));
	struct column_def *fresh = (struct column_def *)mask;
	fresh->hidden = true;
	if (filled)
		return;
	/* rows that were written before the column was added have NULL */
	fresh->default_kind = COLUMN_DEFAULT;
	fresh->default_expr = (struct stored_sql){.text = STR("1"), .dialect = DIALECT_CLICKHOUSE, .database = def->database,
	                                          .search_path = STR("")};
}

static enum column_default kind_of(enum default_type t)
{
	switch (t) {
	case DEFAULT_VALUE:
		return COLUMN_DEFAULT;
	case DEFAULT_MATERIALIZED:
	case DEFAULT_GENERATED_STORED:
		return COLUMN_MATERIALIZED;
	case DEFAULT_ALIAS:
		return COLUMN_ALIAS;
	case DEFAULT_EPHEMERAL:
		return COLUMN_EPHEMERAL;
	case DEFAULT_NONE:
	case DEFAULT_AUTO_INCREMENT:
	case DEFAULT_IDENTITY_ALWAYS:
	case DEFAULT_IDENTITY_BY_DEFAULT:
		break;
	}
	return COLUMN_PLAIN;
}

static struct str codecs_text(struct arena *a, const struct ast_list *codecs)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	AST_EACH(codecs, x) {
		if (b.size != 0)
			strbuf_put(&b, ", ", 2);
		ast_print(&b, x, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	}
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

/* In its full form, with the sizes that the type gives. */
static enum status set_codec(struct ddl_context *c, struct column_def *d, struct str text, struct arena *a,
                             struct error *err)
{
	struct codec_chain chain;
	struct strbuf b;
	/* the data of an array are its elements' */
	const struct type *t = d->type;
	while (t != NULL && t->id == TYPE_ARRAY)
		t = t->children[0];
	bool known = t != NULL && t->id != TYPE_TUPLE && t->id != TYPE_MAP && t->id != TYPE_AGGSTATE;
	struct codec_value value = {0};
	if (known)
		value = type_codec_value(type_low_cardinality(c->arena, t, false));
	TRY(codec_chain_parse(text, value, settings_bool(c->settings, SET_allow_suspicious_codecs), &chain, err));
	strbuf_init(&b, NULL);
	codec_chain_print(&chain, &b);
	d->codec = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return OK;
}

enum status ddl_column_extras(struct ddl_context *c, struct table_def *def, struct column_def *d,
                              const struct ast_column_def *x, struct error *err)
{
	struct arena *a = &def->arena;
	struct str text;
	if (x->default_type != DEFAULT_NONE) {
		d->default_kind = kind_of(x->default_type);
		d->default_expr = ddl_stored(c, a, x->default_value);
	}
	if (x->codecs.count != 0)
		TRY(set_codec(c, d, codecs_text(a, &x->codecs), a, err));
	if (x->ttl != NULL)
		d->ttl = ddl_stored(c, a, x->ttl);
	if (x->comment != NULL) {
		if (!ddl_is_string(x->comment, &text))
			return ERR(err, E_SYNTAX, "a comment must be a string");
		d->comment = arena_str(a, text);
	}
	return OK;
}

static bool is_identity(const struct ast_column_def *x)
{
	return x->default_type == DEFAULT_IDENTITY_ALWAYS || x->default_type == DEFAULT_IDENTITY_BY_DEFAULT
	       || x->default_type == DEFAULT_AUTO_INCREMENT;
}

static bool said_not_null(const struct ast_column_def *x)
{
	if (x->nullability == NULLABILITY_NOT_NULL || x->primary_key)
		return true;
	AST_EACH(&x->constraints, k) {
		enum constraint_type t = ((struct ast_constraint *)k)->type;
		if (t == CONSTRAINT_PRIMARY_KEY || t == CONSTRAINT_NOT_NULL)
			return true;
	}
	return false;
}

/* A serial or identity column: UInt64 under the integer's face, filled from a sequence. */
static void ask_sequence(struct ddl_columns *to, struct column_def *d, const struct ast_column_def *x)
{
	struct table_def *def = to->def;
	enum face face = type_face(d->type);
	struct ddl_sequence *s = ARENA_NEW(&def->arena, struct ddl_sequence);
	if (face != FACE_INT2 && face != FACE_INT4)
		face = FACE_INT8;
	*s = (struct ddl_sequence){.column = d->name, .options = x->identity, .next = to->sequences,
	                           .type = face == FACE_INT2 ? STR("smallint") : face == FACE_INT4 ? STR("integer")
	                           	: STR("bigint")};
	to->sequences = s;
	d->type = type_with_face(&def->arena, type_simple(TYPE_UINT64), face, -1);
	d->not_null = true;
	d->default_kind = COLUMN_DEFAULT;
}

static bool is_serial(struct ddl_context *c, const struct ast_type *t)
{
	struct strbuf b;
	if (!ddl_is_pg(c) || t->has_args || t->dimensions != 0)
		return false;
	strbuf_init(&b, NULL);
	ast_print_type(&b, t, &(struct print_options){.dialect = DIALECT_POSTGRESQL});
	bool serial = type_pg_is_serial(strbuf_str(&b));
	strbuf_fini(&b);
	return serial;
}

/* Nested(a T, b U) becomes arrays n.a and n.b. */
static enum status add_nested(struct ddl_columns *to, struct str name, const struct type *t, struct error *err)
{
	struct arena *a = &to->def->arena;
	const struct type *row = t->children[0];
	for (uint32_t i = 0; i < row->child_count; i++) {
		struct str full = arena_strf(a, "%.*s.%.*s", STR_ARG(name), STR_ARG(row->names[i]));
		if (table_def_column(to->def, full) != NULL)
			return ERR(err, E_COLUMN_EXISTS, "column \"%.*s\" specified more than once", STR_ARG(full));
		ddl_push_column(to, full, type_array(a, row->children[i]));
	}
	return OK;
}

static enum status infer_type(struct ddl_columns *to, const struct ast *value, const struct type **out,
                              struct error *err)
{
	const struct table_def *d = to->def;
	struct bind_config config = ddl_bind_config(to->c, err);
	const struct type **types = ARENA_ARRAY(to->c->arena, const struct type *, d->column_count + 1);
	struct str *names = ARENA_ARRAY(to->c->arena, struct str, d->column_count + 1);
	struct expr *e;
	for (uint32_t i = 0; i < d->column_count; i++) {
		types[i] = d->columns[i].type;
		names[i] = d->columns[i].name;
	}
	TRY(bind_over(&config, value, names, types, d->column_count, &e));
	return ddl_storable(to->c->arena, e->type, out, err);
}

static enum status column_name(struct ddl_context *c, const struct name *n, struct str *out, struct error *err)
{
	if (n->count == 1)
		return ddl_part(c, &n->parts[0], out, err);
	struct strbuf b;
	strbuf_init(&b, NULL);
	for (unsigned i = 0; i < n->count; i++)
		strbuf_printf(&b, "%s%.*s", i == 0 ? "" : ".", STR_ARG(n->parts[i].text));
	*out = arena_str(c->arena, strbuf_str(&b));
	strbuf_fini(&b);
	return OK;
}

enum status ddl_add_column(struct ddl_columns *to, const struct ast_column_def *x, struct error *err)
{
	struct ddl_context *c = to->c;
	struct arena *a = &to->def->arena;
	const struct type *type;
	struct str name;
	TRY(column_name(c, &x->name, &name, err));
	if (table_def_column(to->def, name) != NULL) {
		ERR(err, E_COLUMN_EXISTS, "column \"%.*s\" specified more than once", STR_ARG(name));
		return error_at(err, x->ast.position);
	}
	if (to->def->column_count >= COLUMNS_MAX)
		return ERR(err, E_LIMIT_EXCEEDED, "a table can have at most %d columns", COLUMNS_MAX);
	bool serial = x->type != NULL && is_serial(c, x->type), identity = is_identity(x), not_null = said_not_null(x);
	if (x->type == NULL && x->default_value == NULL)
		type = type_simple(TYPE_STRING); /* EPHEMERAL alone */
	else if (x->type == NULL)
		TRY(infer_type(to, x->default_value, &type, err));
	else
		TRY(ddl_column_type(c, a, x->type, not_null || serial || identity ? NULLABILITY_NOT_NULL : x->nullability, &type,
		                    err));
	if (type->id == TYPE_ARRAY && str_starts_with(type->alias, STR("Nested(")) && type->children[0]->names != NULL
	    && settings_bool(c->settings, SET_flatten_nested))
		return add_nested(to, name, type, err);
	struct column_def *d = ddl_push_column(to, name, type);
	d->not_null = ddl_is_pg(c) ? not_null || serial || identity : x->nullability == NULLABILITY_NOT_NULL;
	TRY(ddl_column_extras(c, to->def, d, x, err));
	if (serial || identity)
		ask_sequence(to, d, x);
	if (identity && ddl_is_pg(c))
		ddl_note_identity(to->def, name, x->default_type == DEFAULT_IDENTITY_ALWAYS);
	const struct type_object *domain = ddl_is_pg(c) ? ddl_find_domain(c, x->type) : NULL;
	if (domain != NULL)
		TRY(ddl_add_domain(c, to->def, name, domain, err));
	AST_EACH(&x->constraints, k) {
		struct ast_constraint own = *(struct ast_constraint *)k;
		struct ast_identifier id = {.ast = {.kind = AST_IDENTIFIER, .depth = 1}, .name = x->name};
		struct ast *item = ast_clone(c->arena, &id.ast);
		if (own.columns.count == 0 && own.type != CONSTRAINT_CHECK)
			ast_list_push(c->arena, &own.columns, item);
		TRY(ddl_add_constraint(c, to->def, &own, err));
	}
	ddl_settle_null_column(to, name);
	return OK;
}

enum status ddl_make_sequences(struct ddl_columns *to, struct error *err)
{
	struct table_def *def = to->def;
	struct arena *a = &def->arena;
	for (struct ddl_sequence *s = to->sequences; s != NULL; s = s->next) {
		struct sequence_def d = {.database = def->database, .schema = def->schema, .type = s->type, .increment = 1,
		                         .start = 1, .min_value = 1, .max_value = INT64_MAX, .cache = 1};
		struct str base = arena_strf(a, "%.*s_%.*s_seq", STR_ARG(def->name), STR_ARG(s->column));
		d.name = base;
		if (s->options != NULL && s->options->sequence_name.count != 0)
			d.name = arena_str(a, name_last(&s->options->sequence_name));
		for (unsigned i = 1; catalog_find_sequence(to->c->catalog, to->c->txn, d.database, d.schema, d.name) != NULL; i++)
			d.name = arena_strf(a, "%.*s%u", STR_ARG(base), i);
		d.owned_by = arena_strf(a, "%.*s.%.*s.%.*s", STR_ARG(def->schema), STR_ARG(def->name), STR_ARG(s->column));
		if (str_eq(s->type, STR("smallint")))
			d.max_value = INT16_MAX;
		else if (str_eq(s->type, STR("integer")))
			d.max_value = INT32_MAX;
		TRY(ddl_sequence_options(s->options, &d, err));
		TRY(catalog_create_sequence(to->c->catalog, to->c->txn, &d, err));
		struct column_def *column = (struct column_def *)table_def_column(def, s->column);
		assert(column != NULL);
		column->identity = d.name;
		struct str name = ddl_literal(a, ddl_pg_name(a, d.schema, d.name), DIALECT_POSTGRESQL);
		column->default_expr = (struct stored_sql){
			.text = arena_strf(a, "nextval(%.*s::regclass)", STR_ARG(name)), .dialect = DIALECT_POSTGRESQL,
			.database = def->database, .search_path = arena_str(a, to->c->session->search_path)};
	}
	return OK;
}

/* ---- checks ---- */
static enum status check_one(struct ddl_context *c, const struct stored_sql *sql, const struct table_def *def,
                             bool as_list, const char *what, struct str name, struct error *err)
{
	struct bind_config config = ddl_bind_config(c, err);
	struct expr **exprs;
	uint32_t count;
	if (sql->text.size == 0)
		return OK;
	enum status st = bind_stored(&config, sql, def, as_list, &exprs, &count);
	if (st != OK && err != NULL) {
		err->position = 0;
		error_context(err, "%s%s%.*s", what, name.size == 0 ? "" : " of ", STR_ARG(name));
	}
	return st;
}

enum status ddl_check_expressions(struct ddl_context *c, struct table_def *def, struct error *err)
{
	for (uint32_t i = 0; i < def->column_count; i++) {
		const struct column_def *d = &def->columns[i];
		if (d->identity.size == 0)
			TRY(check_one(c, &d->default_expr, def, false, "default", d->name, err));
	}
	TRY(check_one(c, &def->order_by, def, true, "ORDER BY", STR(""), err));
	TRY(check_one(c, &def->primary_key, def, true, "PRIMARY KEY", STR(""), err));
	TRY(check_one(c, &def->partition_by, def, true, "PARTITION BY", STR(""), err));
	TRY(check_one(c, &def->sample_by, def, false, "SAMPLE BY", STR(""), err));
	for (uint32_t i = 0; i < def->constraint_count; i++)
		TRY(check_one(c, &def->constraints[i].expr, def, false, "constraint", def->constraints[i].name, err));
	for (uint32_t i = 0; i < def->index_count; i++)
		TRY(check_one(c, &def->indexes[i].expr, def, true, "index", def->indexes[i].name, err));
	return OK;
}
