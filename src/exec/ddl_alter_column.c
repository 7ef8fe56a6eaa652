// SPDX-License-Identifier: Apache-2.0
/* Columns of ALTER TABLE, in both dialects. Works on a private copy of the definition. */
#include <assert.h>
#include "exec/ddl_impl.h"

static struct column_def *find_column(struct table_def *def, struct str name)
{
	return (struct column_def *)table_def_column(def, name);
}

static struct str full_name(struct ddl_context *c, const struct name *n)
{
	if (n->count <= 1)
		return name_last(n);
	struct strbuf b;
	strbuf_init(&b, NULL);
	for (unsigned i = 0; i < n->count; i++)
		strbuf_printf(&b, "%s%.*s", i == 0 ? "" : ".", STR_ARG(n->parts[i].text));
	struct str s = arena_str(c->arena, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static enum status missing(struct ddl_context *c, const struct table_def *def, const struct ast_alter_command *x,
                           struct str name, const char *verb, struct error *err)
{
	if (x->if_exists) {
		ddl_say(c, "NOTICE", E_UNKNOWN_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist, skipping", STR_ARG(name),
		        STR_ARG(def->name));
		return OK;
	}
	if (ddl_is_pg(c))
		return ERR(err, E_UNKNOWN_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist", STR_ARG(name),
		           STR_ARG(def->name));
	return ERR(err, E_NOT_FOUND_COLUMN_IN_BLOCK, "Wrong column name. Cannot find column `%.*s` to %s", STR_ARG(name),
	           verb);
}

/* Moves columns [from, from + n) to the front or behind `after`. */
static enum status place_columns(struct ddl_context *c, struct table_def *def, uint32_t from, uint32_t n,
                                 const struct ast_alter_command *x, struct error *err)
{
	uint32_t at = 0;
	if (!x->first && x->target.count == 0)
		return OK;
	if (!x->first) {
		const struct column_def *after = find_column(def, full_name(c, &x->target));
		if (after == NULL)
			return ERR(err, E_NO_SUCH_COLUMN, "Wrong column name. Cannot find column `%.*s` to insert after",
			           STR_ARG(full_name(c, &x->target)));
		at = (uint32_t)(after - def->columns) + 1;
	}
	struct column_def *order = ARENA_ARRAY(&def->arena, struct column_def, def->column_count);
	uint32_t k = 0;
	for (uint32_t i = 0; i <= def->column_count; i++) {
		if (i == at) {
			memcpy(order + k, def->columns + from, n * sizeof *order);
			k += n;
		}
		if (i < def->column_count && (i < from || i >= from + n))
			order[k++] = def->columns[i];
	}
	assert(k == def->column_count);
	def->columns = order;
	return OK;
}

static enum status add_column(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                              struct error *err)
{
	const struct ast_column_def *d = (const struct ast_column_def *)x->definition;
	struct ddl_columns to = {.c = c, .def = def, .capacity = def->column_count};
	uint32_t before = def->column_count;
	struct str name = full_name(c, &d->name);
	if (find_column(def, name) != NULL) {
		if (x->if_not_exists) {
			ddl_say(c, "NOTICE", E_COLUMN_EXISTS, "column \"%.*s\" of relation \"%.*s\" already exists, skipping", STR_ARG(name),
			        STR_ARG(def->name));
			return OK;
		}
		return ddl_is_pg(c) ? ERR(err, E_COLUMN_EXISTS, "column \"%.*s\" of relation \"%.*s\" already exists", STR_ARG(name),
		                          STR_ARG(def->name))
		                    : ERR(err, E_DUPLICATE_COLUMN, "Cannot add column %.*s: column with this name already exists",
		                          STR_ARG(name));
	}
	TRY(ddl_add_column(&to, d, err));
	TRY(ddl_make_sequences(&to, err));
	return place_columns(c, def, before, def->column_count - before, x, err);
}

struct mention {
	struct ddl_context *c;
	struct str name;
	bool found;
};

static void look_for(struct ast **x, void *arg)
{
	struct mention *m = arg;
	m->found |= (*x)->kind == AST_IDENTIFIER && str_eq(full_name(m->c, &((struct ast_identifier *)*x)->name), m->name);
	if (!m->found)
		ast_children(*x, look_for, m);
}

/* Whether an expression, or a list of them, names the column. */
static bool mentions(struct ddl_context *c, const struct stored_sql *sql, struct str name)
{
	struct parse_options options = {.dialect = sql->dialect};
	struct error ignored;
	struct ast *ast;
	if (sql->text.size == 0)
		return false;
	error_init(&ignored);
	if (parse_expression(c->arena, arena_strf(c->arena, "tuple(%.*s)", STR_ARG(sql->text)), &options, &ast, &ignored) !=
	    OK)
		return false;
	struct mention m = {c, name, false};
	look_for(&ast, &m);
	return m.found;
}

static enum status check_not_key(struct ddl_context *c, const struct table_def *def, struct str name, const char *verb,
                                 struct error *err)
{
	const struct stored_sql *keys[] = {&def->order_by, &def->primary_key, &def->partition_by, &def->sample_by};
	for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
		if (mentions(c, keys[i], name))
			return ERR(err, E_ALTER_OF_COLUMN_IS_FORBIDDEN, "Trying to ALTER %s key %.*s column (key expression: %.*s)", verb,
			           STR_ARG(name), STR_ARG(keys[i]->text));
	return OK;
}

/* Neither keys nor other columns' expressions nor indexes may miss a column that goes. */
static enum status check_not_used(struct ddl_context *c, const struct table_def *def, struct str name,
                                  struct error *err)
{
	for (uint32_t i = 0; i < def->column_count; i++)
		if (!str_eq(def->columns[i].name, name) && mentions(c, &def->columns[i].default_expr, name))
			return ERR(err, ddl_is_pg(c) ? E_DEPENDENT_OBJECTS : E_ILLEGAL_COLUMN,
			           "Cannot drop column `%.*s`, because column `%.*s` depends on it", STR_ARG(name),
			           STR_ARG(def->columns[i].name));
	return check_not_key(c, def, name, "DROP", err);
}

static bool has_column(struct ddl_context *c, struct str list, struct str name)
{
	const struct stored_sql sql = {.text = list, .dialect = DIALECT_POSTGRESQL};
	return mentions(c, &sql, name);
}

/* Constraints over a column go with it. */
static void drop_constraints(struct ddl_context *c, struct table_def *def, struct str name)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < def->constraint_count; i++) {
		const struct constraint_def *k = &def->constraints[i];
		if (!has_column(c, k->columns, name) && !mentions(c, &k->expr, name))
			def->constraints[kept++] = *k;
	}
	def->constraint_count = kept;
}

static enum status drop_column(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                               struct error *err)
{
	struct str name = full_name(c, &x->name), nested = arena_strf(c->arena, "%.*s.", STR_ARG(name));
	struct str mask = arena_strf(c->arena, "__null_%.*s", STR_ARG(name));
	uint32_t kept = 0, before = def->column_count;
	for (uint32_t i = 0; i < before; i++)
		if (str_eq(def->columns[i].name, name) || str_starts_with(def->columns[i].name, nested))
			TRY(check_not_used(c, def, def->columns[i].name, err));
	for (uint32_t i = 0; i < before; i++) {
		const struct column_def *d = &def->columns[i];
		if (str_eq(d->name, name) || str_starts_with(d->name, nested) || (d->hidden && str_eq(d->name, mask))) {
			if (d->identity.size != 0)
				TRY(catalog_drop_sequence(c->catalog, c->txn, def->database, def->schema, d->identity, err));
			continue;
		}
		def->columns[kept++] = *d;
	}
	if (kept == before)
		return missing(c, def, x, name, "drop", err);
	drop_constraints(c, def, name);
	if (kept == 0)
		return ERR(err, E_BAD_ARGUMENTS, "Cannot drop or clear all columns");
	def->column_count = kept;
	return OK;
}

static enum status rename_column(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                                 struct error *err)
{
	struct str from = full_name(c, &x->name), to = full_name(c, &x->target);
	struct column_def *d = find_column(def, from);
	if (d == NULL)
		return missing(c, def, x, from, "rename", err);
	if (find_column(def, to) != NULL)
		return ERR(err, E_COLUMN_EXISTS, "column \"%.*s\" of relation \"%.*s\" already exists", STR_ARG(to),
		           STR_ARG(def->name));
	TRY(check_not_key(c, def, from, "RENAME", err));
	struct column_def *mask = (struct column_def *)table_def_null_column(def, d);
	if (mask != NULL)
		mask->name = arena_strf(&def->arena, "__null_%.*s", STR_ARG(to));
	d->name = arena_str(&def->arena, to);
	return OK;
}

/* An enum with all names and values of another one and perhaps more: keys keep their values and order. */
static bool extends_enum(const struct type *to, const struct type *from)
{
	if (to->id != from->id || to->nullable != from->nullable || (to->id != TYPE_ENUM8 && to->id != TYPE_ENUM16))
		return false;
	for (uint32_t i = 0; i < from->value_count; i++) {
		bool found = false;
		for (uint32_t k = 0; k < to->value_count && !found; k++)
			found = to->values[k].value == from->values[i].value && str_eq(to->values[k].name, from->values[i].name);
		if (!found)
			return false;
	}
	return true;
}

/* MODIFY COLUMN name [type] [default] [codec] …: what is not said stays. */
static enum status modify_column(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                                 struct error *err)
{
	const struct ast_column_def *d = (const struct ast_column_def *)x->definition;
	struct str name = full_name(c, &d->name);
	struct column_def *column = find_column(def, name);
	if (column == NULL)
		return missing(c, def, x, name, "modify", err);
	if (d->type != NULL) {
		const struct type *type;
		TRY(ddl_column_type(c, c->arena, d->type, d->nullability, &type, err));
		if (!type_equal_physical(type, column->type) && !extends_enum(type, column->type))
			TRY(check_not_key(c, def, name, "MODIFY", err));
		column->type = type_copy(&def->arena, type);
	}
	if (d->nullability == NULLABILITY_NULL && d->type == NULL)
		column->type = type_nullable(&def->arena, column->type);
	TRY(ddl_column_extras(c, def, column, d, err));
	return place_columns(c, def, (uint32_t)(column - def->columns), 1, x, err);
}

static enum status remove_property(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                                   struct error *err)
{
	static const struct stored_sql none = {.text = {"", 0}};
	struct str name = full_name(c, &x->name);
	struct column_def *d = find_column(def, name);
	if (d == NULL)
		return missing(c, def, x, name, "modify", err);
	if (str_eq_nocase(x->text, STR("CODEC"))) {
		d->codec = STR("");
	} else if (str_eq_nocase(x->text, STR("COMMENT"))) {
		d->comment = STR("");
	} else if (str_eq_nocase(x->text, STR("TTL"))) {
		d->ttl = none;
	} else if (!str_eq_nocase(x->text, STR("SETTINGS"))) {
		d->default_kind = COLUMN_PLAIN;
		d->default_expr = none;
	}
	return OK;
}

/* PostgreSQL: ALTER COLUMN name TYPE type [USING expr]. */
static enum status column_type(struct ddl_context *c, struct table_def *def, struct column_def *d,
                               const struct ast_alter_command *x, struct error *err)
{
	const struct type *type;
	struct str using;
	if (x->value != NULL) {
		/* USING col::type says what the change does anyway */
		const struct ast *inner = x->value->kind == AST_CAST ? ((const struct ast_cast *)x->value)->value : x->value;
		using = inner->kind == AST_IDENTIFIER ? name_last(&((const struct ast_identifier *)inner)->name) : STR("");
		if (!str_eq(using, d->name))
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: ALTER COLUMN … TYPE … USING expression");
	}
	TRY(ddl_column_type(c, c->arena, x->type_name, d->not_null ? NULLABILITY_NOT_NULL : NULLABILITY_UNSAID, &type, err));
	if (!type_equal_physical(type, d->type))
		TRY(check_not_key(c, def, d->name, "MODIFY", err));
	d->type = type_copy(&def->arena, type);
	ddl_settle_null_column(&(struct ddl_columns){.c = c, .def = def, .capacity = def->column_count}, d->name);
	return OK;
}

static enum status add_identity(struct ddl_context *c, struct table_def *def, struct column_def *d,
                                const struct ast_alter_command *x, struct error *err)
{
	struct ddl_sequence s = {.column = d->name, .type = STR("bigint"),
	                         .options = (const struct ast_sequence_options *)x->definition};
	struct ddl_columns to = {.c = c, .def = def, .sequences = &s};
	d->default_kind = COLUMN_DEFAULT;
	d->not_null = true;
	ddl_note_identity(def, d->name, str_eq_nocase(x->text, STR("always")));
	return ddl_make_sequences(&to, err);
}

/* The commands of PostgreSQL on one column that exists. */
static enum status alter_existing(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                                  struct error *err)
{
	struct str name = full_name(c, &x->name), text;
	struct column_def *d = find_column(def, name);
	if (d == NULL)
		return missing(c, def, x, name, "modify", err);
	switch (x->type) {
	case ALTER_COMMENT_COLUMN:
		if (!ddl_is_string(x->value, &text))
			return ERR(err, E_SYNTAX, "a comment must be a string");
		d->comment = arena_str(&def->arena, text);
		return OK;
	case ALTER_COLUMN_TYPE:
		return column_type(c, def, d, x, err);
	case ALTER_COLUMN_SET_DEFAULT:
		d->default_kind = COLUMN_DEFAULT;
		d->default_expr = ddl_stored(c, &def->arena, x->value);
		return OK;
	case ALTER_COLUMN_DROP_DEFAULT:
	case ALTER_COLUMN_DROP_IDENTITY:
	case ALTER_COLUMN_DROP_EXPRESSION:
		d->default_kind = COLUMN_PLAIN;
		d->default_expr = (struct stored_sql){.text = STR("")};
		if (x->type == ALTER_COLUMN_DROP_IDENTITY && d->identity.size != 0) {
			TRY(catalog_drop_sequence(c->catalog, c->txn, def->database, def->schema, d->identity, err));
			d->identity = STR("");
			ddl_drop_notes(def, d->name, "i");
		}
		return OK;
	case ALTER_COLUMN_SET_NOT_NULL:
		d->not_null = true;
		return OK;
	case ALTER_COLUMN_DROP_NOT_NULL:
		d->not_null = false;
		if (d->type->id != TYPE_ARRAY && d->type->id != TYPE_MAP && d->type->id != TYPE_TUPLE && d->type->id != TYPE_AGGSTATE)
			d->type = type_nullable(&def->arena, d->type);
		ddl_settle_null_column(&(struct ddl_columns){.c = c, .def = def, .capacity = def->column_count}, d->name);
		return OK;
	case ALTER_COLUMN_ADD_IDENTITY:
		return add_identity(c, def, d, x, err);
	default:
		if (x->type == ALTER_COLUMN_SET_IDENTITY && x->text.size != 0)
			ddl_note_identity(def, d->name, str_eq_nocase(x->text, STR("always")));
		return OK;
	}
}

enum status ddl_alter_column(struct ddl_context *c, struct table_def *def, const struct ast_alter_command *x,
                             bool *done, struct error *err)
{
	switch (x->type) {
	case ALTER_ADD_COLUMN:
		return add_column(c, def, x, err);
	case ALTER_DROP_COLUMN:
		return drop_column(c, def, x, err);
	case ALTER_MODIFY_COLUMN:
		return modify_column(c, def, x, err);
	case ALTER_REMOVE_PROPERTY:
		return remove_property(c, def, x, err);
	case ALTER_RENAME_COLUMN:
		return rename_column(c, def, x, err);
	case ALTER_COMMENT_COLUMN:
	case ALTER_COLUMN_TYPE:
	case ALTER_COLUMN_SET_DEFAULT:
	case ALTER_COLUMN_DROP_DEFAULT:
	case ALTER_COLUMN_SET_NOT_NULL:
	case ALTER_COLUMN_DROP_NOT_NULL:
	case ALTER_COLUMN_ADD_IDENTITY:
	case ALTER_COLUMN_SET_IDENTITY:
	case ALTER_COLUMN_DROP_IDENTITY:
	case ALTER_COLUMN_DROP_EXPRESSION:
		return alter_existing(c, def, x, err);
	default:
		*done = false;
		return OK;
	}
}
