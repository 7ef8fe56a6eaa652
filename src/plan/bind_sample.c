// SPDX-License-Identifier: Apache-2.0
/* SAMPLE: a range of the table's sampling key. TABLESAMPLE: rows by chance. */
#include "parse/parser.h"
#include "plan/binder_impl.h"

static enum status number_of(struct binder *b, struct scope *s, const struct ast *x, double *out)
{
	struct expr *e;
	TRY(bind_expr(b, s, x, &e));
	TRY(expr_cast(&b->env, e, type_simple(TYPE_FLOAT64), CAST_CH, &e));
	if (e->kind != EXPR_CONSTANT)
		return ERR(b->err, E_BAD_ARGUMENTS, "SAMPLE takes a constant");
	memcpy(out, e->constant->data, sizeof *out);
	return *out >= 0 ? OK : ERR(b->err, E_ARGUMENT_OUT_OF_BOUND, "Negative sample size");
}

/* A share of the rows; SAMPLE 10000 means about so many rows. */
static enum status share_of(struct binder *b, struct scope *s, struct table *t, const struct ast *x, double *out)
{
	struct table_size size = {0};
	*out = 0;
	if (x == NULL)
		return OK;
	TRY(number_of(b, s, x, out));
	if (*out <= 1)
		return OK;
	if (t->ops->size != NULL)
		TRY(t->ops->size(t, b->config->txn, &size, b->err));
	*out = size.rows == 0 || *out >= (double)size.rows ? 1 : *out / (double)size.rows;
	return OK;
}

/* The table's sampling key over its columns. */
static enum status sampling_key(struct binder *b, struct scope *s, struct table *t, size_t first, struct expr **out)
{
	const struct stored_sql *sql = &t->def->sample_by;
	struct parse_options options = {.dialect = sql->dialect};
	struct ast *ast;
	struct scope *own = ARENA_NEW(b->arena, struct scope);
	if (sql->text.size == 0)
		return ERR(b->err, E_SAMPLING_NOT_SUPPORTED, "Storage %s doesn't support sampling", t->ops->engine);
	own->plan = s->plan;
	for (size_t i = first; i < s->column_count; i++) {
		struct scope_column *copy = scope_add(b, own, s->columns[i].expr, s->columns[i].relation, s->columns[i].name);
		*copy = s->columns[i];
		if (copy->expr->kind == EXPR_CALL && !copy->is_alias) /* as it is stored, not under its face */
			copy->expr = copy->expr->args[0];
	}
	TRY(parse_expression(b->arena, sql->text, &options, &ast, b->err));
	enum dialect dialect = b->dialect;
	b->dialect = b->own_session.dialect = sql->dialect;
	enum status status = bind_expr(b, own, ast, out);
	b->dialect = b->own_session.dialect = dialect;
	return status;
}

static unsigned key_bits(const struct type *t)
{
	switch (t->id) {
	case TYPE_UINT8: return 8;
	case TYPE_UINT16: return 16;
	case TYPE_UINT32: return 32;
	case TYPE_UINT64: return 64;
	default: return 0;
	}
}

static enum status bound_of(struct binder *b, struct expr *key, const char *op, uint64_t value, struct expr **out)
{
	struct expr *args[2] = {key, bind_u64(b, value)};
	TRY(expr_cast(&b->env, args[1], key->type, CAST_CH, &args[1]));
	return bind_function(b, str_of(op), args, 2, 0, out);
}

/* Rows whose key is in [from, to) of its range, as shares. */
static enum status key_range(struct binder *b, struct scope *s, struct expr *key, double from, double to)
{
	unsigned bits = key_bits(key->type);
	struct expr *parts[2], *all;
	uint32_t n = 0;
	if (bits == 0)
		return ERR(b->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Invalid sampling column type: %.*s. Must be one unsigned integer "
		           "type", STR_ARG(type_name(b->arena, key->type)));
	double universe = bits == 64 ? 18446744073709551616.0 : (double)((uint64_t)1 << bits);
	if (from >= 1)
		to = 0;
	else if (from > 0)
		TRY(bound_of(b, key, "greaterOrEquals", (uint64_t)(from * universe), &parts[n++]));
	if (to < 1)
		TRY(bound_of(b, key, "less", (uint64_t)(to * universe), &parts[n++]));
	if (n == 0)
		return OK;
	all = parts[0];
	if (n == 2)
		TRY(bind_function(b, STR("and"), parts, 2, 0, &all));
	s->plan = plan_unary(b->arena, PLAN_FILTER, s->plan);
	s->plan->u.filter.predicate = all;
	return OK;
}

/* _sample_factor: what counts of a sample are multiplied by. */
static enum status factor_column(struct binder *b, struct scope *s, double share, struct str alias, size_t first)
{
	struct vector *v;
	TRY(vector_new(NULL, type_simple(TYPE_FLOAT64), 1, &v, b->err));
	v->form = VECTOR_CONST;
	*(double *)v->data = 1 / share;
	struct expr *factor = expr_constant(b->arena, v);
	struct scope_column *c = scope_add(b, s, factor, alias, STR("_sample_factor"));
	c->hidden = true;
	c->relation_first = (uint32_t)first;
	return OK;
}

/* TABLESAMPLE BERNOULLI (p) and SYSTEM (p): each row with that chance, in percent. */
static enum status by_chance(struct binder *b, struct scope *s, const struct ast_table *t)
{
	const struct ast_call *c = t->tablesample;
	struct expr *percent, *args[2], *seed[2];
	struct str method = name_last(&c->name);
	if (!str_eq_nocase(method, STR("bernoulli")) && !str_eq_nocase(method, STR("system"))) {
		ERR(b->err, E_UNKNOWN_OBJECT, "tablesample method %.*s does not exist", STR_ARG(method));
		return error_at(b->err, c->ast.position);
	}
	if (c->args.count != 1)
		return ERR(b->err, E_SYNTAX, "tablesample method %.*s requires 1 argument, not %u", STR_ARG(method),
		           c->args.count);
	double v;
	TRY(bind_expr(b, s, c->args.items[0], &percent));
	TRY(bind_coerce_unknown(b, &percent, type_simple(TYPE_FLOAT64)));
	TRY(expr_cast(&b->env, percent, type_simple(TYPE_FLOAT64), CAST_CH, &percent));
	if (percent->kind != EXPR_CONSTANT)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: TABLESAMPLE of a parameter");
	memcpy(&v, percent->constant->data, sizeof v);
	if (!(v >= 0 && v <= 100))
		return ERR(b->err, E_INVALID_TABLESAMPLE, "sample percentage must be between 0 and 100");
	if (t->repeatable != NULL) {
		TRY(bind_expr(b, s, t->repeatable, &seed[0]));
		TRY(bind_settle(b, &seed[0]));
		TRY(bind_function(b, STR("rowNumberInAllBlocks"), NULL, 0, 0, &seed[1]));
		TRY(bind_function(b, STR("cityHash64"), seed, 2, 0, &args[0]));
		args[1] = bind_u64(b, v >= 100 ? UINT64_MAX : (uint64_t)(v / 100 * 18446744073709551616.0));
	} else {
		TRY(bind_function(b, STR("rand64"), NULL, 0, 0, &args[0]));
		args[1] = bind_u64(b, v >= 100 ? UINT64_MAX : (uint64_t)(v / 100 * 18446744073709551616.0));
	}
	s->plan = plan_unary(b->arena, PLAN_FILTER, s->plan);
	return bind_function(b, v >= 100 ? STR("lessOrEquals") : STR("less"), args, 2, 0, &s->plan->u.filter.predicate);
}

enum status bind_sample(struct binder *b, struct scope *s, const struct ast_table *t, struct table *table,
                        struct str alias, size_t first)
{
	double share = 0, offset = 0;
	struct expr *key;
	if (t->tablesample != NULL)
		TRY(by_chance(b, s, t));
	TRY(share_of(b, s, table, t->sample, &share));
	TRY(share_of(b, s, table, t->sample_offset, &offset));
	if (table->def->sample_by.text.size != 0)
		TRY(factor_column(b, s, t->sample == NULL || share >= 1 || share == 0 ? 1 : share, alias, first));
	if (t->sample == NULL || (share == 0 && t->sample_offset == NULL))
		return OK;
	TRY(sampling_key(b, s, table, first, &key));
	return key_range(b, s, key, offset, share + offset);
}
