// SPDX-License-Identifier: Apache-2.0
#include "parse/print.h"
#include "plan/binder_impl.h"

static struct expr *fixed_constant(struct binder *b, const struct type *type, const void *value, size_t size)
{
	struct vector *v = NULL;
	/* small and bounded by the text of the query: not charged, so it cannot be refused */
	if (vector_new(NULL, type, 1, &v, b->err) != OK)
		return NULL;
	v->form = VECTOR_CONST;
	if (size != 0)
		memcpy(v->data, value, size);
	return expr_constant(b->arena, v);
}

struct expr *bind_bool(struct binder *b, bool v)
{
	uint8_t byte = v;
	return fixed_constant(b, type_simple(TYPE_BOOL), &byte, 1);
}

struct expr *bind_u64(struct binder *b, uint64_t v)
{
	static const struct {
		uint64_t max;
		enum type_id id;
		unsigned size;
	} widths[] = {{UINT8_MAX, TYPE_UINT8, 1}, {UINT16_MAX, TYPE_UINT16, 2}, {UINT32_MAX, TYPE_UINT32, 4},
	              {UINT64_MAX, TYPE_UINT64, 8}};
	unsigned i = 0;
	while (v > widths[i].max)
		i++;
	return fixed_constant(b, type_simple(widths[i].id), &v, widths[i].size);
}

static struct expr *negative(struct binder *b, int64_t v)
{
	enum type_id id = v >= INT8_MIN ? TYPE_INT8 : v >= INT16_MIN ? TYPE_INT16 : v >= INT32_MIN ? TYPE_INT32 : TYPE_INT64;
	unsigned size = v >= INT8_MIN ? 1 : v >= INT16_MIN ? 2 : v >= INT32_MIN ? 4 : 8;
	return fixed_constant(b, type_simple(id), &v, size);
}

struct expr *bind_string(struct binder *b, struct str v)
{
	struct str kept = arena_str(b->arena, v);
	struct strview view = strview_make(kept.data, kept.size);
	return fixed_constant(b, type_simple(TYPE_STRING), &view, sizeof view);
}

struct expr *bind_null(struct binder *b, const struct type *type)
{
	struct vector *v = NULL;
	if (vector_null_constant(NULL, type_nullable(b->arena, type), 1, &v, b->err) != OK)
		return NULL;
	return expr_constant(b->arena, v);
}

enum status bind_text_constant(struct binder *b, struct str text, const struct type *type, struct expr **out)
{
	struct builder *builder = NULL;
	struct vector *v = NULL, *constant = NULL;
	enum value_style style = b->dialect == DIALECT_POSTGRESQL ? VALUE_PG : VALUE_TSV;
	const struct value_options *text_options = b->session->text != NULL ? b->session->text : &value_options_default;
	enum status s = builder_new(NULL, type, &builder, b->err);
	if (s == OK)
		s = value_parse(builder, text, style, text_options, b->err);
	if (s == OK)
		s = builder_finish(builder, &v, b->err);
	if (s == OK)
		s = vector_constant(NULL, v, 0, 1, &constant, b->err);
	if (s == OK)
		*out = expr_constant(b->arena, constant);
	vector_unref(v);
	builder_free(builder);
	return s;
}

static enum status bind_pg_number(struct binder *b, const struct ast_literal *l, struct expr **out)
{
	if (l->type == LITERAL_UINT && l->u <= INT32_MAX) {
		int32_t v = (int32_t)l->u;
		*out = fixed_constant(b, type_simple(TYPE_INT32), &v, 4);
	} else if (l->type == LITERAL_INT && l->i >= INT32_MIN) {
		int32_t v = (int32_t)l->i;
		*out = fixed_constant(b, type_simple(TYPE_INT32), &v, 4);
	} else if ((l->type == LITERAL_UINT && l->u <= INT64_MAX) || l->type == LITERAL_INT) {
		int64_t v = l->type == LITERAL_INT ? l->i : (int64_t)l->u;
		*out = fixed_constant(b, type_simple(TYPE_INT64), &v, 8);
	} else {
		struct str text = l->type == LITERAL_UINT ? arena_strf(b->arena, "%llu", (unsigned long long)l->u) : l->text;
		return bind_text_constant(b, text, type_simple(TYPE_NUMERIC), out);
	}
	return OK;
}

static enum status bind_big(struct binder *b, const struct ast_literal *l, struct expr **out)
{
	bool minus = l->text.size != 0 && l->text.data[0] == '-';
	static const enum type_id positive[] = {TYPE_UINT128, TYPE_UINT256}, negatives[] = {TYPE_INT128, TYPE_INT256};
	struct error ignored;
	for (unsigned i = 0; i < 2; i++) {
		struct error *err = b->err;
		error_init(&ignored);
		b->err = &ignored;
		enum status s = bind_text_constant(b, l->text, type_simple(minus ? negatives[i] : positive[i]), out);
		b->err = err;
		if (s == OK)
			return OK;
	}
	return bind_text_constant(b, l->text, type_simple(TYPE_FLOAT64), out);
}

enum status bind_literal(struct binder *b, const struct ast_literal *l, struct expr **out)
{
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	switch (l->type) {
	case LITERAL_NULL:
		*out = bind_null(b, pg ? type_with_face(b->arena, type_simple(TYPE_STRING), FACE_UNKNOWN, -1)
		                       : type_simple(TYPE_NOTHING));
		break;
	case LITERAL_BOOL:
		*out = bind_bool(b, l->boolean);
		break;
	case LITERAL_UINT:
		if (pg)
			return bind_pg_number(b, l, out);
		*out = bind_u64(b, l->u);
		break;
	case LITERAL_INT:
		if (pg)
			return bind_pg_number(b, l, out);
		*out = negative(b, l->i);
		break;
	case LITERAL_BIG:
		return pg ? bind_pg_number(b, l, out) : bind_big(b, l, out);
	case LITERAL_FLOAT:
		if (pg)
			return bind_text_constant(b, l->text, type_simple(TYPE_NUMERIC), out);
		*out = fixed_constant(b, type_simple(TYPE_FLOAT64), &l->f, 8);
		break;
	case LITERAL_STRING:
	case LITERAL_BITS:
		*out = bind_string(b, l->text);
		if (pg && *out != NULL)
			(*out)->type = type_with_face(b->arena, type_simple(TYPE_STRING), FACE_UNKNOWN, -1);
		break;
	}
	if (*out == NULL)
		return b->err->status;
	if ((*out)->kind == EXPR_CONSTANT)
		(*out)->constant->type = (*out)->type;
	(*out)->position = l->ast.position;
	return OK;
}

static struct expr *unknown_slot(struct binder *b, uint32_t number)
{
	const struct type *t = type_with_face(b->arena, type_simple(TYPE_STRING), FACE_UNKNOWN, -1);
	struct expr *x = expr_slot(b->arena, number - 1, type_nullable(b->arena, t));
	x->name = STR("?parameter?");
	return x;
}

/* $n: its value where the statement runs, else a typed place; slots of parameters are not used before they are known.
 * */
static enum status bind_numbered(struct binder *b, const struct ast_parameter *p, struct expr **out)
{
	struct bind_config *c = b->config;
	if (p->number == 0 || p->number > c->param_capacity) {
		ERR(b->err, E_UNDEFINED_PARAMETER, "there is no parameter $%u", p->number);
		return error_at(b->err, p->ast.position);
	}
	if (p->number > c->param_count)
		c->param_count = p->number;
	const struct type *t = c->param_types[p->number - 1];
	if (c->params != NULL && c->params[p->number - 1] != NULL) {
		struct vector *v = NULL;
		TRY(vector_constant(NULL, c->params[p->number - 1], 0, 1, &v, b->err));
		*out = expr_constant(b->arena, v);
		(*out)->type = t != NULL ? type_nullable(b->arena, t) : v->type;
		v->type = (*out)->type;
	} else if (t == NULL) {
		*out = unknown_slot(b, p->number);
	} else {
		*out = bind_null(b, t); /* prepared only: any value of the type does */
		if (*out == NULL)
			return b->err->status;
		struct expr *x = expr_slot(b->arena, p->number - 1, (*out)->type);
		x->is_volatile = true; /* must not fold */
		*out = x;
	}
	(*out)->position = p->ast.position;
	return OK;
}

/* {name:Identifier}: the text is a column's name. */
static enum status bind_identifier(struct binder *b, struct scope *s, const struct ast_parameter *p, struct str text,
                                   struct expr **out)
{
	struct ast_identifier id = {.ast = {.kind = AST_IDENTIFIER, .position = p->ast.position}};
	struct name_part *parts = ARENA_ARRAY(b->arena, struct name_part, text.size + 1);
	while (true) {
		ptrdiff_t dot = str_find_char(text, '.');
		struct str part = dot < 0 ? text : str_make(text.data, (size_t)dot);
		parts[id.name.count++] = (struct name_part){.text = part, .quoted = true};
		if (dot < 0)
			break;
		text = str_make(text.data + dot + 1, text.size - (size_t)dot - 1);
	}
	id.name.parts = parts;
	return bind_name(b, s, &id, out);
}

enum status bind_parameter(struct binder *b, struct scope *scope, const struct ast_parameter *p, struct expr **out)
{
	if (p->name.data == NULL)
		return bind_numbered(b, p, out);
	const struct type *type = NULL;
	bool identifier = name_is(&p->type->name, "Identifier");
	if (!identifier)
		TRY(bind_type(b->arena, p->type, DIALECT_CLICKHOUSE, &type, b->err));
	const struct str *text = b->config->named == NULL ? NULL : strmap_get(b->config->named, p->name);
	if (text == NULL) {
		ERR(b->err, E_UNDEFINED_PARAMETER, "Substitution `%.*s` is not set", STR_ARG(p->name));
		return error_at(b->err, p->ast.position);
	}
	if (identifier)
		return bind_identifier(b, scope, p, *text, out);
	enum status s = bind_text_constant(b, *text, type, out);
	if (s != OK && b->dialect == DIALECT_CLICKHOUSE) {
		error_clear(b->err);
		ERR(b->err, E_BAD_QUERY_PARAMETER, "Value %.*s cannot be parsed as %.*s for query parameter '%.*s'", STR_ARG(*text),
		    STR_ARG(type_name(b->arena, type)), STR_ARG(p->name));
		return error_at(b->err, p->ast.position);
	}
	if (s != OK) {
		error_at(b->err, p->ast.position);
		error_context(b->err, "query parameter \"%.*s\"", STR_ARG(p->name));
		return s;
	}
	(*out)->position = p->ast.position;
	return OK;
}

static const char *const unit_names[UNIT_COUNT] = {
	[UNIT_NANOSECOND] = "Nanosecond", [UNIT_MICROSECOND] = "Microsecond", [UNIT_MILLISECOND] = "Millisecond",
	[UNIT_SECOND] = "Second", [UNIT_MINUTE] = "Minute", [UNIT_HOUR] = "Hour", [UNIT_DAY] = "Day", [UNIT_WEEK] = "Week",
	[UNIT_MONTH] = "Month", [UNIT_QUARTER] = "Quarter", [UNIT_YEAR] = "Year",
};

/* INTERVAL '1 day 2 hours' of PostgreSQL, also with a field qualifier: text of the interval type. */
static enum status pg_interval(struct binder *b, const struct ast_interval *i, struct expr **out)
{
	const struct ast_literal *l = (const struct ast_literal *)i->value;
	struct str text = l->text;
	if (i->unit != UNIT_NONE && i->to == UNIT_NONE)
		text = arena_strf(b->arena, "%.*s %s", STR_ARG(l->text), unit_names[i->unit]);
	return bind_text_constant(b, text, type_simple(TYPE_PGINTERVAL), out);
}

/* INTERVAL '1 day 2 hours' of ClickHouse: the sum of its parts as a tuple of intervals. */
static enum status ch_text_interval(struct binder *b, struct str text, struct expr **out)
{
	struct expr *parts[16];
	uint32_t n = 0;
	while ((text = str_trim(text)).size != 0 && n < ARRAY_COUNT(parts)) {
		size_t digits = 0, letters;
		int64_t v;
		while (digits < text.size && text.data[digits] != ' ' && (unsigned char)ascii_lower(text.data[digits]) < 'a')
			digits++;
		if (!str_to_i64(str_make(text.data, digits), &v))
			return ERR(b->err, E_SYNTAX, "Invalid interval: '%.*s'", STR_ARG(text));
		text = str_trim(str_make(text.data + digits, text.size - digits));
		for (letters = 0; letters < text.size && text.data[letters] != ' ';)
			letters++;
		struct str word = str_make(text.data, letters);
		if (letters > 1 && ascii_lower(text.data[letters - 1]) == 's')
			word.size--;
		unsigned u = UNIT_NANOSECOND;
		while (u < UNIT_COUNT && !str_eq_nocase(word, str_of(unit_names[u])))
			u++;
		if (u == UNIT_COUNT)
			return ERR(b->err, E_SYNTAX, "Unknown interval kind '%.*s'", STR_ARG(word));
		struct expr *count = v < 0 ? negative(b, v) : bind_u64(b, (uint64_t)v);
		TRY(bind_function(b, arena_strf(b->arena, "toInterval%s", unit_names[u]), &count, 1, 0, &parts[n++]));
		text = str_make(text.data + letters, text.size - letters);
	}
	if (n == 1) {
		*out = parts[0];
		return OK;
	}
	return bind_function(b, STR("tuple"), parts, n, 0, out);
}

enum status bind_interval(struct binder *b, struct scope *s, const struct ast_interval *i, struct expr **out)
{
	bool is_text = i->value->kind == AST_LITERAL && ((const struct ast_literal *)i->value)->type == LITERAL_STRING;
	if (is_text && b->dialect == DIALECT_POSTGRESQL)
		return pg_interval(b, i, out);
	if (is_text && i->unit == UNIT_NONE)
		return ch_text_interval(b, ((const struct ast_literal *)i->value)->text, out);
	if (i->to != UNIT_NONE || i->unit == UNIT_NONE)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: this form of INTERVAL");
	struct expr *value;
	TRY(bind_expr(b, s, i->value, &value));
	if (is_text || bind_is_unknown(value))
		TRY(expr_cast(&b->env, value, type_simple(TYPE_INT64), CAST_CH, &value));
	return bind_function(b, arena_strf(b->arena, "toInterval%s", unit_names[i->unit]), &value, 1, i->ast.position, out);
}
