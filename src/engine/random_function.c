// SPDX-License-Identifier: Apache-2.0
/* generateRandom(structure[, seed[, string length[, array length]]]): rows of random values without end. */
#include <stdlib.h>
#include "engine/table_functions.h"

struct random_call {
	struct table_function_call *call;
	bool seeded;
	uint64_t seed, string_max, array_max;
};

struct random_scan {
	struct scan base;
	const struct random_call *call;
	uint64_t state, string_max, array_max;
	struct memtrack *track;
	const _Atomic bool *cancelled;
};

/* SplitMix64 by Steele, Lea and Flood. */
static uint64_t draw(struct random_scan *s)
{
	uint64_t z = s->state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static enum status random_text(struct random_scan *s, struct builder *b, struct error *err)
{
	bool fixed = b->type->id == TYPE_FIXEDSTRING;
	size_t n = fixed ? b->type->length : draw(s) % (s->string_max + 1);
	char *to = malloc(n + 1);
	if (to == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(fixed ? draw(s) : ' ' + draw(s) % 95);
	enum status st = builder_string(b, to, n, err);
	free(to);
	return st;
}

static uint64_t power_of_ten(unsigned digits)
{
	uint64_t p = 1;
	while (digits-- > 0)
		p *= 10;
	return p;
}

/* Bits of a number, kept within what its type can say. */
static enum status random_fixed(struct random_scan *s, struct builder *b, struct error *err)
{
	const struct type *t = b->type;
	uint64_t words[4] = {draw(s), draw(s), draw(s), draw(s)};
	int64_t v = (int64_t)words[0];
	if (t->id == TYPE_BOOL)
		v = (int64_t)(words[0] & 1);
	else if (t->id == TYPE_ENUM8 || t->id == TYPE_ENUM16)
		v = t->values[words[0] % t->value_count].value;
	else if (t->id == TYPE_DATE32)
		v = (int64_t)(words[0] % 146097) - 25567; /* 1900 to 2299 */
	else if (t->id == TYPE_DATETIME64 || t->id == TYPE_TIME64)
		v = (int64_t)(words[0] % (UINT64_C(4102444800) * power_of_ten(t->scale > 9 ? 9 : t->scale)));
	else if (type_is_decimal(t))
		v = v % (int64_t)power_of_ten(t->precision < 18 ? t->precision : 18);
	memcpy(words, &v, sizeof v);
	if (type_is_decimal(t))
		words[1] = words[2] = words[3] = v < 0 ? UINT64_MAX : 0;
	return builder_fixed(b, words, err);
}

static enum status random_value(struct random_scan *s, struct builder *b, struct error *err)
{
	if (b->type->nullable && draw(s) % 16 == 0)
		return builder_null(b, err);
	switch (b->physical) {
	case PHYS_STR:
		return random_text(s, b, err);
	case PHYS_ARRAY:
	case PHYS_MAP:
		for (uint64_t n = draw(s) % (s->array_max + 1); n > 0; n--)
			for (uint32_t k = 0; k < b->child_count; k++)
				TRY(random_value(s, b->children[k], err));
		return builder_end_array(b, err);
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < b->child_count; k++)
			TRY(random_value(s, b->children[k], err));
		return builder_end_tuple(b, err);
	case PHYS_NONE:
		return builder_default(b, err);
	default:
		return random_fixed(s, b, err);
	}
}

static enum status random_next(struct scan *base, unsigned worker, struct batch **out, struct error *err)
{
	struct random_scan *s = (struct random_scan *)base;
	const struct table_function_call *c = s->call->call;
	struct batch *b;
	*out = NULL;
	if (s->cancelled != NULL && *s->cancelled)
		return OK;
	TRY(batch_new(c->column_count, &b, err));
	b->count = BATCH_ROWS_MAX;
	for (uint32_t i = 0; i < c->column_count; i++) {
		struct builder *column;
		enum status st = builder_new(s->track, c->types[i], &column, err);
		for (uint32_t row = 0; st == OK && row < BATCH_ROWS_MAX; row++)
			st = random_value(s, column, err);
		if (st == OK)
			st = builder_finish(column, &b->columns[i], err);
		builder_free(column);
		if (st != OK) {
			batch_free(b);
			return st;
		}
	}
	atomic_fetch_add_explicit(&base->stats.rows, BATCH_ROWS_MAX, memory_order_relaxed);
	*out = b;
	return OK;
}

static void random_free(struct scan *s)
{
	free(s);
}

static const struct scan_ops random_ops = {.next = random_next, .free = random_free};

static enum status open_random(void *arg, const struct scan_request *r, struct scan **out, struct error *err)
{
	const struct random_call *c = arg;
	struct random_scan *s = calloc(1, sizeof *s);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a scan");
	s->base.ops = &random_ops;
	s->call = c;
	s->state = c->seeded ? c->seed : r->session->random_seed ^ (uint64_t)r->session->now_ns;
	s->string_max = c->string_max;
	s->array_max = c->array_max;
	s->track = r->track;
	s->cancelled = r->cancelled;
	*out = &s->base;
	return OK;
}

/* A whole number, or NULL for the default. */
static enum status number_argument(const struct table_function_call *c, uint32_t arg, uint64_t *out, bool *given,
                                   struct error *err)
{
	struct arena scratch;
	struct vector *v = NULL;
	if (arg >= c->arg_count || vector_is_null(c->args[arg], 0))
		return OK;
	arena_init(&scratch, NULL);
	struct eval e = {.session = c->session, .scratch = &scratch, .err = err};
	enum status st = cast_vector(&e, &scratch, c->args[arg], type_simple(TYPE_UINT64), CAST_CH, &v);
	if (st == OK) {
		*out = *(const uint64_t *)v->data;
		*given = true;
	}
	vector_unref(v);
	arena_fini(&scratch);
	return st;
}

static bool can_be_random(const struct type *t)
{
	if (t->id == TYPE_AGGSTATE || t->id == TYPE_NUMERIC || (t->child_count == 0 && type_physical(t) == PHYS_NONE))
		return false;
	for (uint32_t i = 0; i < t->child_count; i++)
		if (!can_be_random(t->children[i]))
			return false;
	return true;
}

static enum status bind_random(struct table_function_call *c, struct error *err)
{
	struct random_call *r = ARENA_NEW(c->arena, struct random_call);
	struct str structure;
	bool given = false;
	if (c->arg_count < 1 || c->arg_count > 4)
		return ERR(err, E_NUMBER_OF_ARGUMENTS,
		           "Table function 'generateRandom' requires at most four arguments: structure, [random_seed, "
		           "max_string_length, max_array_length].");
	*r = (struct random_call){.call = c, .string_max = 10, .array_max = 10};
	TRY(table_function_text(c, 0, &structure, err));
	TRY(number_argument(c, 1, &r->seed, &r->seeded, err));
	TRY(number_argument(c, 2, &r->string_max, &given, err));
	TRY(number_argument(c, 3, &r->array_max, &given, err));
	if (r->string_max > STRING_SIZE_MAX / 1024 || r->array_max > 1000000)
		return ERR(err, E_BAD_ARGUMENTS, "the lengths of generateRandom are out of range");
	TRY(table_function_structure(c, structure, err));
	for (uint32_t i = 0; i < c->column_count; i++)
		if (!can_be_random(c->types[i]))
			return ERR(err, E_NOT_IMPLEMENTED, "The 'GenerateRandom' is not implemented for type %.*s",
			           STR_ARG(type_name(c->arena, c->types[i])));
	c->open = open_random;
	c->arg = r;
	return OK;
}

const struct table_function random_function = {"generateRandom", "Rows of random values, without end.", bind_random};
