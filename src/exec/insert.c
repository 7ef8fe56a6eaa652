// SPDX-License-Identifier: Apache-2.0
/*
 * Inserting: blocks of some columns become blocks of all stored columns (casts, defaults, checks), are gathered into
 * large ones, written to the table, and shown to its materialized views, each of which feeds an inserter of its own in
 * the same transaction.
 */
#include <stdio.h>
#include <stdlib.h>

#include "exec/session_impl.h"
#include "exec/unique.h"

enum { SQUASH_ROWS = 1048449, SQUASH_BYTES = 256 << 20, VIEW_DEPTH_MAX = 32 };
enum { PROPOSED_ROWS = 1 << 17 }; /* for ON CONFLICT: the table is looked into once for as many */

struct view_target {
	struct table *view, *table;
	struct inserter *inserter;       /* opened at the first block */
};

/* How one column of the table is filled. */
struct filling {
	int32_t source;                  /* column of the incoming block; -1: none */
	const struct expr *default_expr; /* over all columns in def order; NULL: the type's default */
	struct program *program;         /* of default_expr */
	bool stored;                     /* not ALIAS, not EPHEMERAL */
	bool can_be_null;                /* in a hidden column beside it */
	int32_t nulls_of;                /* such a hidden column: of which column; -1: it is none */
};

/* Blocks that are made one. */
struct gathering {
	struct builder **columns;        /* per stored column; NULL while nothing is held */
	uint32_t rows;
};

struct inserter {
	struct session *session;
	struct query *query;             /* tracker, transaction, cancel flag */
	struct table *table;
	struct arena arena;              /* bound defaults and checks */
	struct arena scratch;            /* one block */
	struct filling *fillings;        /* def->column_count */
	struct program **checks;
	const struct constraint_def **check_defs;
	uint32_t check_count;
	struct insert_sink *sink;
	struct gathering gathered, proposed; /* to be written; to be looked at by on_conflict first */
	uint32_t stored_count;
	struct view_target *views;
	uint32_t view_count;
	unsigned depth;
	bool known;                      /* an earlier statement has brought the rows */
	uint64_t rows, bytes;
	struct unique *unique;           /* NULL: nothing is to be unique */
	struct batch **unchecked;        /* blocks of an UPDATE: its old rows have to go first */
	size_t unchecked_count, unchecked_capacity;
	bool defers;
	enum status (*on_block)(void *arg, const struct batch *stored, struct error *err); /* NULL: nobody watches */
	void *on_block_arg;
	conflict_fn on_conflict;         /* NULL: a key twice is an error */
	void *on_conflict_arg;
};

static bool is_stored(const struct column_def *d)
{
	return d->default_kind != COLUMN_ALIAS && d->default_kind != COLUMN_EPHEMERAL;
}

static bool is_insertable(const struct column_def *d, enum dialect dialect)
{
	if (d->hidden || d->default_kind == COLUMN_ALIAS)
		return false;
	return d->default_kind != COLUMN_MATERIALIZED;
}

enum status insert_columns(struct table *t, const struct ast_list *list, enum dialect dialect, struct arena *a,
                           struct str **names, const struct type ***types, uint32_t *count, struct error *err)
{
	const struct table_def *def = t->def;
	uint32_t n = 0, room = list->count + def->column_count;
	*names = ARENA_ARRAY(a, struct str, room + 1);
	*types = ARENA_ARRAY(a, const struct type *, room + 1);
	bool all = list->count == 0 || list->items[0]->kind == AST_ASTERISK;
	for (uint32_t i = 0; all && i < def->column_count; i++) {
		const struct column_def *d = &def->columns[i];
		bool excepted = false;
		if (list->count != 0)
			AST_EACH(&((const struct ast_asterisk *)list->items[0])->transforms, x)
				AST_EACH(&((const struct ast_transform *)x)->items, item)
					excepted |= item->kind == AST_IDENTIFIER && str_eq(name_last(&((struct ast_identifier *)item)->name), d->name);
		if (!is_insertable(d, dialect) || d->default_kind == COLUMN_EPHEMERAL || excepted)
			continue;
		(*names)[n] = d->name;
		(*types)[n++] = table_def_null_column(def, d) != NULL ? type_nullable(a, d->type) : d->type;
	}
	for (uint32_t i = 0; !all && i < list->count; i++) {
		struct str name = list->items[i]->kind == AST_IDENTIFIER ? name_last(&((struct ast_identifier *)list->items[i])->name)
			: STR("");
		if (list->items[i]->kind == AST_IDENTIFIER && ((struct ast_identifier *)list->items[i])->name.count > 1) {
			/* a dotted nested column: Events.Name */
			const struct name *path = &((struct ast_identifier *)list->items[i])->name;
			struct str dotted = arena_strf(a, "%.*s.%.*s", STR_ARG(path->parts[0].text), STR_ARG(path->parts[1].text));
			if (table_def_column(def, dotted) != NULL)
				name = dotted;
		}
		const struct column_def *d = table_def_column(def, name);
		if (d == NULL) {
			if (dialect == DIALECT_POSTGRESQL)
				ERR(err, E_UNKNOWN_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist", STR_ARG(name),
				    STR_ARG(def->name));
			else
				ERR(err, E_NO_SUCH_COLUMN, "No such column %.*s in table %.*s.%.*s", STR_ARG(name), STR_ARG(def->database),
				    STR_ARG(def->name));
			return error_at(err, list->items[i]->position);
		}
		for (uint32_t k = 0; k < n; k++)
			if (str_eq((*names)[k], d->name)) {
				ERR(err, E_DUPLICATE_COLUMN, "column \"%.*s\" specified more than once", STR_ARG(name));
				return error_at(err, list->items[i]->position);
			}
		if (!is_insertable(d, dialect) && dialect == DIALECT_POSTGRESQL && d->default_kind == COLUMN_MATERIALIZED) {
			ERR(err, E_ILLEGAL_COLUMN, "cannot insert a non-DEFAULT value into column \"%.*s\"", STR_ARG(name));
			return error_detail(err, "Column \"%.*s\" is a generated column.", STR_ARG(name));
		}
		if (!is_insertable(d, dialect))
			return ERR(err, d->default_kind == COLUMN_ALIAS ? E_NO_SUCH_COLUMN : E_ILLEGAL_COLUMN,
			           "Cannot insert column %.*s, because it is %s column", STR_ARG(name),
			           d->default_kind == COLUMN_ALIAS ? "ALIAS" : "MATERIALIZED");
		(*names)[n] = d->name;
		(*types)[n++] = table_def_null_column(def, d) != NULL ? type_nullable(a, d->type) : d->type;
	}
	*count = n;
	return OK;
}

/* ClickHouse converts a query's columns as CAST does, where integers wrap; PostgreSQL refuses what does not fit. */
static enum cast_mode cast_mode(enum dialect dialect, const struct type *from)
{
	return dialect == DIALECT_CLICKHOUSE && type_is_number(from) ? CAST_CH : CAST_INSERT;
}

/* ---- opening ---- */

static enum status bind_default(struct inserter *i, const struct column_def *d, struct filling *f, struct error *err)
{
	struct bind_config c;
	struct expr **exprs;
	uint32_t n;
	if (d->default_expr.text.size == 0)
		return OK;
	session_bind_config(i->session, &i->arena, err, &c);
	TRY(bind_stored(&c, &d->default_expr, i->table->def, false, &exprs, &n));
	struct bind_env env = {.arena = &i->arena, .session = &i->session->eval, .err = err};
	if (f->can_be_null && exprs[0]->kind == EXPR_CONSTANT && vector_is_null(exprs[0]->constant, 0))
		return OK; /* DEFAULT NULL is none */
	struct expr *x;
	TRY(expr_cast(&env, exprs[0], d->type, cast_mode(d->default_expr.dialect, exprs[0]->type), &x));
	f->default_expr = x;
	return program_compile(&i->arena, &x, 1, &f->program, err);
}

static enum status bind_checks(struct inserter *i, struct error *err)
{
	const struct table_def *def = i->table->def;
	i->checks = ARENA_ARRAY(&i->arena, struct program *, def->constraint_count + 1);
	i->check_defs = ARENA_ARRAY(&i->arena, const struct constraint_def *, def->constraint_count + 1);
	for (uint32_t k = 0; k < def->constraint_count; k++) {
		struct bind_config c;
		struct expr **exprs;
		uint32_t n;
		if (strchr("cd", def->constraints[k].kind) == NULL || def->constraints[k].expr.text.size == 0)
			continue;
		session_bind_config(i->session, &i->arena, err, &c);
		TRY(bind_stored(&c, &def->constraints[k].expr, def, false, &exprs, &n));
		TRY(program_compile(&i->arena, exprs, 1, &i->checks[i->check_count], err));
		i->check_defs[i->check_count++] = &def->constraints[k];
	}
	return OK;
}

/* ALIAS columns have no values of their own: what a materialized view computes for them is not needed. */
static enum status map_sources(struct inserter *i, const struct insert_source *source, struct error *err)
{
	const struct table_def *def = i->table->def;
	for (uint32_t k = 0; k < def->column_count; k++) {
		const struct column_def *mask = table_def_null_column(def, &def->columns[k]);
		i->fillings[k].source = -1;
		if (k == 0)
			for (uint32_t n = 0; n < def->column_count; n++)
				i->fillings[n].nulls_of = -1;
		if (mask != NULL) {
			i->fillings[k].can_be_null = !def->columns[k].not_null;
			i->fillings[mask - def->columns].nulls_of = (int32_t)k;
		}
		i->fillings[k].stored = is_stored(&def->columns[k]);
		i->stored_count += i->fillings[k].stored;
	}
	for (uint32_t s = 0; s < source->count; s++) {
		const struct column_def *d = table_def_column(def, source->names[s]);
		if (d == NULL)
			return ERR(err, E_NO_SUCH_COLUMN, "No such column %.*s in table %.*s.%.*s", STR_ARG(source->names[s]),
			           STR_ARG(def->database), STR_ARG(def->name));
		if (d->default_kind != COLUMN_ALIAS)
			i->fillings[d - def->columns].source = (int32_t)s;
	}
	for (uint32_t k = 0; k < def->column_count; k++)
		if (def->columns[k].default_kind != COLUMN_ALIAS)
			TRY(bind_default(i, &def->columns[k], &i->fillings[k], err));
	return OK;
}

static enum status find_views(struct inserter *i, struct error *err)
{
	struct table **views;
	struct catalog *c = i->session->instance->catalog;
	TRY(catalog_views_of(c, i->session->txn, i->table, &i->arena, &views, &i->view_count, err));
	i->views = ARENA_ARRAY(&i->arena, struct view_target, i->view_count + 1);
	for (uint32_t k = 0; k < i->view_count; k++)
		i->views[k].view = views[k];
	for (uint32_t k = 0; k < i->view_count; k++) {
		const struct table_def *def = views[k]->def;
		struct str database = def->to_table.size != 0 ? def->to_database : def->database;
		struct str name = def->to_table.size != 0 ? def->to_table : arena_strf(&i->arena, ".inner.%.*s", STR_ARG(def->name));
		if (database.size == 0)
			database = def->database;
		TRY(catalog_find_table(c, i->session->txn, database, STR(""), name, &i->views[k].table, err));
	}
	return OK;
}

enum status inserter_open(struct session *s, struct query *q, struct table *t, const struct insert_source *source,
                          unsigned depth, struct inserter **out, struct error *err)
{
	*out = NULL;
	if (t->ops->insert == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "Method write is not supported by storage %s", t->ops->engine);
	if (depth > VIEW_DEPTH_MAX)
		return ERR(err, E_AST_TOO_DEEP, "Materialized views are nested too deeply");
	struct inserter *i = calloc(1, sizeof *i);
	if (i == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an insert");
	i->session = s;
	i->query = q;
	i->table = t;
	i->depth = depth;
	arena_init(&i->arena, &q->track);
	arena_init(&i->scratch, &q->track);
	i->fillings = ARENA_ARRAY(&i->arena, struct filling, t->def->column_count + 1);
	enum status status = map_sources(i, source, err);
	if (status == OK)
		status = bind_checks(i, err);
	if (status == OK && !source->without_views)
		status = find_views(i, err);
	if (status == OK)
		status = unique_open(s, q, t, source->changed, &i->arena, &i->unique, err);
	i->defers = source->without_views;
	if (status == OK)
		status = t->ops->insert(t, s->txn, &s->eval, &q->track, &i->sink, err);
	if (status == OK && depth == 0 && !i->defers && i->sink->ops->deduplicate != NULL)
		status = i->sink->ops->deduplicate(i->sink, !source->is_query, &i->known, err);
	if (status != OK) {
		inserter_free(i);
		return status;
	}
	*out = i;
	return OK;
}

/* ---- one block ---- */

/* Rows of `given` where `use` is clear, of `other` where it is set. */
static enum status blend(struct inserter *i, const struct vector *given, const struct vector *other,
                         const uint64_t *use, uint32_t count, struct vector **out, struct error *err)
{
	struct vector *both = NULL;
	const struct vector *pair[2] = {given, other};
	uint32_t *rows = ARENA_ARRAY(&i->scratch, uint32_t, count + 1);
	TRY(vector_concat(&i->query->track, pair, 2, given->type, &both, err));
	for (uint32_t r = 0; r < count; r++)
		rows[r] = bit_get(use, r) ? count + r : r;
	enum status s = vector_gather(&i->query->track, both, rows, count, out, err);
	vector_unref(both);
	return s;
}

static enum status not_null_error(struct inserter *i, const struct column_def *d, struct error *err)
{
	ERR(err, E_NOT_NULL_VIOLATION, "null value in column \"%.*s\" of relation \"%.*s\" violates not-null constraint",
	    STR_ARG(d->name), STR_ARG(i->table->def->name));
	if (err != NULL) {
		snprintf(err->column, sizeof err->column, "%.*s", STR_ARG(d->name));
		snprintf(err->table, sizeof err->table, "%.*s", STR_ARG(i->table->def->name));
		snprintf(err->schema, sizeof err->schema, "public");
	}
	return err == NULL ? E_NOT_NULL_VIOLATION : err->status;
}

/* NULLs that a column cannot hold: an error in PostgreSQL, the default in ClickHouse. Adds them to *use. */
static enum status find_nulls(struct inserter *i, const struct column_def *d, const struct vector *v, uint32_t count,
                              uint64_t **use, struct error *err)
{
	if (d->type->nullable || !v->type->nullable || !vector_has_nulls(v))
		return OK;
	if (i->session->dialect == DIALECT_POSTGRESQL && !i->fillings[d - i->table->def->columns].can_be_null)
		return not_null_error(i, d, err);
	uint64_t *bits = ARENA_ARRAY(&i->scratch, uint64_t, count / 64 + 1);
	if (*use != NULL)
		memcpy(bits, *use, (count / 64 + 1) * sizeof *bits);
	for (uint32_t r = 0; r < count; r++)
		if (vector_is_null(v, r))
			bit_set(bits, r);
	*use = bits;
	return OK;
}

/* The values of a column whose NULLs have been accounted for, without them. */
static enum status strip_nulls(struct inserter *i, const struct vector *v, struct eval *e, struct vector **out)
{
	if (!v->type->nullable) {
		*out = vector_ref(v);
		return OK;
	}
	struct vector *flat, *shared;
	TRY(vector_flatten(e->track, v, &flat, e->err));
	enum status s = vector_retype(flat, type_not_nullable(&i->scratch, v->type), &shared, e->err);
	vector_unref(flat);
	TRY(s);
	buffer_unref(shared->null_buffer);
	shared->null_buffer = NULL;
	shared->nulls = NULL;
	*out = shared;
	return OK;
}

/* The part of a nested column's name before the dot; empty for other columns. */
static struct str nested_table(const struct column_def *d)
{
	ptrdiff_t dot = d->type->id == TYPE_ARRAY ? str_find_char(d->name, '.') : -1;
	return dot <= 0 ? STR("") : str_make(d->name.data, (size_t)dot);
}

static uint32_t array_length(const struct vector *flat, uint32_t row)
{
	const uint32_t *offsets = (const uint32_t *)flat->data;
	return offsets[row + 1] - offsets[row];
}

/* A column of a Nested whose sibling is there has arrays as long as the sibling's. `whole`: no row has a value. */
static enum status nested_default(struct inserter *i, uint32_t column, struct eval *e, struct vector **inputs,
                                  uint32_t count, bool whole, struct vector **out)
{
	const struct table_def *def = i->table->def;
	const struct type *t = def->columns[column].type;
	struct str nested = nested_table(&def->columns[column]);
	const struct vector *sibling = NULL;
	for (uint32_t k = 0; nested.size != 0 && k < def->column_count && sibling == NULL; k++)
		if (k != column && inputs[k] != NULL && str_eq(nested_table(&def->columns[k]), nested))
			sibling = inputs[k];
	if (sibling == NULL)
		return whole ? vector_missing_constant(e->track, t, count, out, e->err)
		             : vector_default_constant(e->track, t, count, out, e->err);
	struct vector *flat = NULL;
	struct builder *b = NULL;
	enum status s = vector_flatten(e->track, sibling, &flat, e->err);
	if (s == OK)
		s = builder_new(e->track, t, &b, e->err);
	for (uint32_t r = 0; s == OK && r < count; r++) {
		for (uint32_t n = array_length(flat, r); s == OK && n != 0; n--)
			s = builder_default(b->children[0], e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

/* All columns of a Nested have arrays of the same lengths. */
static enum status check_nested(struct inserter *i, struct eval *e, struct vector **columns, uint32_t count)
{
	const struct table_def *def = i->table->def;
	for (uint32_t k = 0; k < def->column_count; k++) {
		struct str nested = nested_table(&def->columns[k]);
		uint32_t first = 0;
		if (nested.size == 0 || columns[k] == NULL)
			continue;
		while (columns[first] == NULL || !str_eq(nested_table(&def->columns[first]), nested))
			first++;
		if (first == k)
			continue;
		struct vector *a = NULL, *b = NULL;
		enum status s = vector_flatten(e->track, columns[first], &a, e->err);
		if (s == OK)
			s = vector_flatten(e->track, columns[k], &b, e->err);
		for (uint32_t r = 0; s == OK && r < count; r++)
			if (array_length(a, r) != array_length(b, r))
				s = ERR(e->err, E_SIZES_OF_ARRAYS,
				        "Elements '%.*s' and '%.*s' of Nested data structure '%.*s' have different array sizes",
				        STR_ARG(def->columns[first].name), STR_ARG(def->columns[k].name), STR_ARG(nested));
		vector_unref(a);
		vector_unref(b);
		TRY(s);
	}
	return OK;
}

static enum status default_values(struct inserter *i, uint32_t column, struct eval *e, struct vector **inputs,
                                  uint32_t count, bool whole, struct vector **out)
{
	const struct filling *f = &i->fillings[column];
	const struct table_def *def = i->table->def;
	if (f->program == NULL)
		return nested_default(i, column, e, inputs, count, whole, out);
	/* a default that looks at a column still to be filled sees its type's default */
	struct vector **full = ARENA_ARRAY(&i->scratch, struct vector *, def->column_count + 1);
	enum status s = OK;
	for (uint32_t k = 0; k < def->column_count && s == OK; k++)
		if (inputs[k] != NULL)
			full[k] = vector_ref(inputs[k]);
		else if (def->columns[k].default_kind != COLUMN_ALIAS)
			s = vector_missing_constant(e->track, def->columns[k].type, count, &full[k], e->err);
	if (s == OK)
		s = program_run(f->program, e, full, NULL, count, out);
	for (uint32_t k = 0; k < def->column_count; k++)
		vector_unref(full[k]);
	return s;
}

/* The hidden column beside one whose NULLs it keeps: 1 where NULL is given, or nothing and there is no default. */
static enum status fill_nulls(struct inserter *i, uint32_t column, struct eval *e, const struct batch *b,
                              uint64_t *const *missing, struct vector **out)
{
	const struct filling *f = &i->fillings[i->fillings[column].nulls_of];
	bool absent = i->session->dialect == DIALECT_POSTGRESQL && f->can_be_null && f->program == NULL;
	const struct vector *given = f->source < 0 ? NULL : b->columns[f->source];
	const uint64_t *left_out = given != NULL && missing != NULL ? missing[f->source] : NULL;
	TRY(vector_new(e->track, i->table->def->columns[column].type, b->count, out, e->err));
	uint8_t *bytes = (*out)->data;
	for (uint32_t r = 0; r < b->count; r++) {
		bool is_left_out = given == NULL || (left_out != NULL && bit_get(left_out, r));
		bytes[r] = is_left_out ? absent : given->type->nullable && f->can_be_null && vector_is_null(given, r);
	}
	return OK;
}

/* Given values cast to the column's type, defaults where they are missing. */
static enum status fill_column(struct inserter *i, uint32_t column, struct eval *e, const struct batch *b,
                               uint64_t *const *missing, struct vector **inputs, struct vector **out)
{
	const struct column_def *d = &i->table->def->columns[column];
	const struct filling *f = &i->fillings[column];
	if (f->nulls_of >= 0)
		return fill_nulls(i, column, e, b, missing, out);
	if (f->source < 0 || d->default_kind == COLUMN_MATERIALIZED) {
		if (i->session->dialect == DIALECT_POSTGRESQL && d->not_null && f->program == NULL && !d->type->nullable &&
		    f->source < 0)
			return not_null_error(i, d, e->err);
		return default_values(i, column, e, inputs, b->count, true, out);
	}
	const struct vector *given = b->columns[f->source];
	uint64_t *use = missing != NULL ? missing[f->source] : NULL;
	struct vector *plain = NULL, *cast = NULL, *other = NULL;
	TRY(find_nulls(i, d, given, b->count, &use, e->err));
	enum status s = d->type->nullable ? (plain = vector_ref(given), OK) : strip_nulls(i, given, e, &plain);
	if (s == OK && type_equal(plain->type, d->type))
		cast = vector_ref(plain);
	else if (s == OK)
		s = cast_vector(e, &i->scratch, plain, d->type, cast_mode(i->session->dialect, plain->type), &cast);
	if (s == OK && use != NULL) {
		s = default_values(i, column, e, inputs, b->count, false, &other);
		if (s == OK)
			s = blend(i, cast, other, use, b->count, out, e->err);
	} else if (s == OK) {
		*out = vector_ref(cast);
	}
	if (s != OK && e->err != NULL && e->err->column[0] == '\0')
		snprintf(e->err->column, sizeof e->err->column, "%.*s", STR_ARG(d->name));
	vector_unref(plain);
	vector_unref(cast);
	vector_unref(other);
	return s;
}

static enum status check_rows(struct inserter *i, struct eval *e, struct vector **columns, uint32_t count)
{
	for (uint32_t k = 0; k < i->check_count; k++) {
		struct vector *truth;
		TRY(program_run(i->checks[k], e, columns, NULL, count, &truth));
		bool fails = false;
		for (uint32_t r = 0; r < count && !fails; r++) {
			const struct vector *at;
			uint32_t x = vector_index(truth, r, &at);
			fails = !vector_is_null(truth, r) && ((const uint8_t *)at->data)[x] == 0;
		}
		vector_unref(truth);
		if (!fails)
			continue;
		struct str name = i->check_defs[k]->name, domain = i->check_defs[k]->definition;
		if (i->check_defs[k]->kind == 'd' && name.size == 0)
			ERR(e->err, E_NOT_NULL_VIOLATION, "domain %.*s does not allow null values", STR_ARG(domain));
		else if (i->check_defs[k]->kind == 'd')
			ERR(e->err, E_CONSTRAINT_VIOLATION, "value for domain %.*s violates check constraint \"%.*s\"", STR_ARG(domain),
			    STR_ARG(name));
		else if (i->session->dialect == DIALECT_POSTGRESQL)
			ERR(e->err, E_CONSTRAINT_VIOLATION, "new row for relation \"%.*s\" violates check constraint \"%.*s\"",
			    STR_ARG(i->table->def->name), STR_ARG(name));
		else
			ERR(e->err, E_CONSTRAINT_VIOLATION, "Constraint `%.*s` for table %.*s.%.*s is violated", STR_ARG(name),
			    STR_ARG(i->table->def->database), STR_ARG(i->table->def->name));
		snprintf(e->err->constraint, sizeof e->err->constraint, "%.*s", STR_ARG(name));
		return e->err->status;
	}
	return OK;
}

/* ---- materialized views ---- */

/* The inserted block as the rows of its table. */
struct block_scan {
	struct scan base;
	const struct batch *block;
	uint32_t virtual_count;
	const struct table_ops *ops;
	uint32_t at;
	struct memtrack *track;
	struct arena arena;
};

static enum status block_next(struct scan *s, unsigned worker, struct batch **out, struct error *err)
{
	struct block_scan *b = (struct block_scan *)s;
	uint32_t left = b->block->count - b->at, n = left < BATCH_ROWS_MAX ? left : BATCH_ROWS_MAX;
	*out = NULL;
	if (n == 0)
		return OK;
	TRY(batch_new(b->block->column_count + b->virtual_count, out, err));
	(*out)->count = n;
	enum status status = OK;
	for (uint32_t c = 0; c < b->block->column_count && status == OK; c++)
		status = vector_slice(b->track, b->block->columns[c], b->at, n, &(*out)->columns[c], err);
	for (uint32_t v = 0; v < b->virtual_count && status == OK; v++) {
		const struct type *t;
		status = type_parse(&b->arena, str_of(b->ops->virtual_columns[v].type), &t, err);
		if (status == OK)
			status = vector_default_constant(b->track, t, n, &(*out)->columns[b->block->column_count + v], err);
	}
	if (status != OK) {
		batch_free(*out);
		*out = NULL;
		return status;
	}
	b->at += n;
	return OK;
}

static void block_free(struct scan *s)
{
	arena_fini(&((struct block_scan *)s)->arena);
	free(s);
}

static const struct scan_ops block_scan_ops = {.next = block_next, .free = block_free};

enum status block_source_open(void *arg, const struct scan_request *r, struct scan **out, struct error *err)
{
	const struct block_source *source = arg;
	struct block_scan *b = calloc(1, sizeof *b);
	if (b == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a scan");
	b->base.ops = &block_scan_ops;
	b->block = source->block;
	b->ops = source->ops;
	b->virtual_count = source->ops == NULL ? 0 : source->ops->virtual_column_count;
	b->track = r->track;
	arena_init(&b->arena, r->track);
	*out = &b->base;
	return OK;
}

static enum status open_view_target(struct inserter *i, struct view_target *v, const struct plan *p, struct error *err)
{
	struct insert_source source = {.names = p->names, .count = p->column_count, .types = p->types};
	if (v->inserter != NULL)
		return OK;
	return inserter_open(i->session, i->query, v->table, &source, i->depth + 1, &v->inserter, err);
}

static enum status feed_view(struct inserter *i, struct view_target *v, const struct batch *block, struct error *err)
{
	struct arena arena;
	struct bind_config c;
	struct block_source source = {block, i->table->ops};
	struct query *q = ARENA_NEW(&i->arena, struct query); /* its tracker: the target may keep rows past the query */
	struct batch *b = NULL;
	*q = (struct query){.parent = i->query, .session = &i->session->eval, .txn = i->session->txn,
		.limits = i->query->limits, .pool = i->query->pool};
	arena_init(&arena, &i->query->track);
	memtrack_init(&q->track, &i->query->track, "materialized view", 0);
	session_bind_config(i->session, &arena, err, &c);
	enum status s = bind_view(&c, &v->view->def->as_select, i->table->def, v->table->def, block_source_open, &source,
	                          &q->plan);
	if (s == OK)
		s = open_view_target(i, v, q->plan->root, err);
	if (s == OK)
		s = query_start(q, err);
	while (s == OK && (s = query_next(q, &b, err)) == OK && b != NULL) {
		s = inserter_block(v->inserter, b, NULL, err);
		batch_free(b);
	}
	if (q->plan != NULL)
		query_end(q);
	arena_fini(&arena);
	if (s != OK)
		error_context(err, "while pushing to view %.*s.%.*s", STR_ARG(v->view->def->database), STR_ARG(v->view->def->name));
	return s;
}

/* ---- writing ---- */

static enum status write_block(struct inserter *i, const struct batch *block, struct error *err)
{
	if (i->unique != NULL && !i->defers && i->on_conflict == NULL)
		TRY(unique_check(i->unique, NULL, block, err));
	TRY(i->sink->ops->write(i->sink, block, err));
	for (uint32_t k = 0; k < i->view_count; k++)
		TRY(feed_view(i, &i->views[k], block, err));
	return OK;
}

static void drop_gathered(struct inserter *i, struct gathering *g)
{
	for (uint32_t k = 0; g->columns != NULL && k < i->stored_count; k++)
		builder_free(g->columns[k]);
	*g = (struct gathering){0};
}

/* What is held as one block; *out NULL: nothing is. */
static enum status take_gathered(struct inserter *i, struct gathering *g, struct batch **out, struct error *err)
{
	*out = NULL;
	if (g->rows == 0)
		return OK;
	TRY(batch_new(i->stored_count, out, err));
	(*out)->count = g->rows;
	enum status s = OK;
	for (uint32_t k = 0; k < i->stored_count && s == OK; k++)
		s = builder_finish(g->columns[k], &(*out)->columns[k], err);
	drop_gathered(i, g);
	if (s != OK) {
		batch_free(*out);
		*out = NULL;
	}
	return s;
}

static enum status flush(struct inserter *i, struct error *err)
{
	struct batch *block;
	TRY(take_gathered(i, &i->gathered, &block, err));
	enum status s = block == NULL ? OK : write_block(i, block, err);
	batch_free(block);
	return s;
}

/* Keeps a copy of the block until there are enough rows. */
static enum status gather(struct inserter *i, struct gathering *g, struct vector *const *stored, uint32_t count,
                          struct error *err)
{
	if (g->columns == NULL) {
		g->columns = ARENA_ARRAY(&i->arena, struct builder *, i->stored_count + 1);
		for (uint32_t k = 0; k < i->stored_count; k++)
			TRY(builder_new(&i->query->track, stored[k]->type, &g->columns[k], err));
	}
	for (uint32_t k = 0; k < i->stored_count; k++)
		TRY(builder_range(g->columns[k], stored[k], 0, count, err));
	g->rows += count;
	return OK;
}

/* Blocks of an UPDATE are checked when its old rows have gone. */
static enum status keep_unchecked(struct inserter *i, const struct batch *stored, struct error *err)
{
	struct batch *kept = NULL;
	TRY(batch_new(stored->column_count, &kept, err));
	kept->count = stored->count;
	for (uint32_t k = 0; k < stored->column_count; k++)
		kept->columns[k] = vector_ref(stored->columns[k]);
	ARENA_PUSH(&i->arena, i->unchecked, i->unchecked_count, i->unchecked_capacity, kept);
	return OK;
}

/* Rows that are to be inserted. */
static enum status take_rows(struct inserter *i, const struct batch *stored, struct error *err)
{
	if (stored->count == 0)
		return OK;
	if (i->unique != NULL && i->defers && i->on_conflict == NULL)
		TRY(keep_unchecked(i, stored, err));
	if (i->on_block != NULL)
		TRY(i->on_block(i->on_block_arg, stored, err));
	for (uint32_t k = 0; k < i->stored_count; k++)
		i->bytes += vector_bytes(stored->columns[k]);
	i->rows += stored->count;
	atomic_fetch_add(&i->query->progress.written_rows, i->depth == 0 ? stored->count : 0);
	if (i->known)
		return OK;
	/* views see large blocks, and unique keys are looked up in them; a table gathers by itself */
	bool whole = i->view_count == 0 && i->unique == NULL && stored->count >= SQUASH_ROWS / 256;
	bool big = whole || (i->gathered.rows == 0 && stored->count >= SQUASH_ROWS / 2);
	if (big)
		TRY(flush(i, err));
	TRY(big ? write_block(i, stored, err) : gather(i, &i->gathered, stored->columns, stored->count, err));
	if (i->gathered.rows >= SQUASH_ROWS || memtrack_used(&i->query->track) > SQUASH_BYTES * 4LL)
		return flush(i, err);
	return OK;
}

/* Of the rows that were proposed, those that conflict with nothing. */
static enum status settle_proposed(struct inserter *i, struct error *err)
{
	struct batch *block, *kept = NULL;
	TRY(take_gathered(i, &i->proposed, &block, err));
	if (block == NULL)
		return OK;
	enum status s = i->on_conflict(i->on_conflict_arg, i->unique, block, &kept, err);
	batch_free(block);
	if (s == OK)
		s = take_rows(i, kept, err);
	batch_free(kept);
	return s;
}

static enum status propose(struct inserter *i, const struct batch *stored, struct error *err)
{
	TRY(gather(i, &i->proposed, stored->columns, stored->count, err));
	if (i->proposed.rows >= PROPOSED_ROWS || memtrack_used(&i->query->track) > SQUASH_BYTES)
		return settle_proposed(i, err);
	return OK;
}

enum status inserter_block(struct inserter *i, const struct batch *b, uint64_t *const *missing, struct error *err)
{
	const struct table_def *def = i->table->def;
	struct eval e = {.session = &i->session->eval, .track = &i->query->track, .scratch = &i->scratch, .err = err,
		.random = i->session->eval.random_seed + i->rows, .cancelled = &i->query->cancelled};
	struct batch *stored = NULL;
	arena_reset(&i->scratch);
	struct vector **columns = ARENA_ARRAY(&i->scratch, struct vector *, def->column_count + 1);
	enum status s = query_check(i->query, err);
	/* defaults may look at any column: those that are given come first */
	for (int pass = 0; pass < 2 && s == OK; pass++)
		for (uint32_t k = 0; k < def->column_count && s == OK; k++) {
			bool given = i->fillings[k].source >= 0 && def->columns[k].default_kind != COLUMN_MATERIALIZED;
			bool partly = given && missing != NULL && missing[i->fillings[k].source] != NULL;
			if (columns[k] != NULL || def->columns[k].default_kind == COLUMN_ALIAS || (pass == 0 && (!given || partly)))
				continue;
			s = fill_column(i, k, &e, b, missing, columns, &columns[k]);
		}
	if (s == OK)
		s = check_nested(i, &e, columns, b->count);
	if (s == OK)
		s = check_rows(i, &e, columns, b->count);
	if (s == OK)
		s = batch_new(i->stored_count, &stored, err);
	if (s == OK) {
		uint32_t n = 0;
		stored->count = b->count;
		/* under the definition's own types: those of casts live in the scratch arena */
		for (uint32_t k = 0; k < def->column_count && s == OK; k++)
			if (i->fillings[k].stored)
				s = vector_retype(columns[k], def->columns[k].type, &stored->columns[n++], err);
	}
	if (s == OK && stored->count != 0)
		s = i->on_conflict != NULL ? propose(i, stored, err) : take_rows(i, stored, err);
	batch_free(stored);
	for (uint32_t k = 0; k < def->column_count; k++)
		vector_unref(columns[k]);
	return s;
}

enum status inserter_finish(struct inserter *i, struct error *err)
{
	if (i->on_conflict != NULL)
		TRY(settle_proposed(i, err));
	if (i->known)
		return OK;
	for (size_t k = 0; k < i->unchecked_count; k++)
		TRY(unique_check(i->unique, NULL, i->unchecked[k], err));
	TRY(flush(i, err));
	TRY(i->sink->ops->finish(i->sink, err));
	if (i->sink->repeated)
		return OK;
	for (uint32_t k = 0; k < i->view_count; k++)
		if (i->views[k].inserter != NULL)
			TRY(inserter_finish(i->views[k].inserter, err));
	return OK;
}

void inserter_on_conflict(struct inserter *i, conflict_fn fn, void *arg)
{
	i->on_conflict = fn;
	i->on_conflict_arg = arg;
}

struct unique *inserter_unique(struct inserter *i)
{
	return i->unique;
}

void inserter_on_block(struct inserter *i, enum status (*fn)(void *arg, const struct batch *stored, struct error *err),
                       void *arg)
{
	i->on_block = fn;
	i->on_block_arg = arg;
}

uint64_t inserter_rows(const struct inserter *i)
{
	return i->rows;
}

uint64_t inserter_bytes(const struct inserter *i)
{
	return i->bytes;
}

void inserter_free(struct inserter *i)
{
	if (i == NULL)
		return;
	drop_gathered(i, &i->gathered);
	drop_gathered(i, &i->proposed);
	for (size_t k = 0; k < i->unchecked_count; k++)
		batch_free(i->unchecked[k]);
	unique_close(i->unique);
	if (i->sink != NULL)
		i->sink->ops->free(i->sink);
	for (uint32_t k = 0; k < i->view_count; k++) {
		inserter_free(i->views[k].inserter);
		table_release(i->views[k].table);
	}
	arena_fini(&i->scratch);
	arena_fini(&i->arena);
	free(i);
}
