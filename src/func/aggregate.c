// SPDX-License-Identifier: Apache-2.0
/*
 * The registry of aggregates and the binding of a call: names, combinators, the null rule.
 */
#include <assert.h>

#include "base/strmap.h"
#include "func/aggregate_impl.h"

#define FAMILY_ROW(symbol) extern const struct aggregate_family aggregate_family_##symbol;
#include "func/aggregates.def"
#undef FAMILY_ROW

static const struct aggregate_family *const families[] = {
#define FAMILY_ROW(symbol) &aggregate_family_##symbol,
#include "func/aggregates.def"
#undef FAMILY_ROW
};

static struct {
	struct arena arena;
	struct aggregate *rows;            /* copies with `family` set */
	uint32_t count;
	struct strmap exact, nocase;       /* the clickhouse dialect's rows */
	struct strmap pg, folded;          /* PostgreSQL's rows; ClickHouse's, case folded */
} registry;

static void add_name(const struct aggregate *f, struct str name, bool nocase)
{
	void *row = (void *)(uintptr_t)f;
	if (f->flags & AGGREGATE_CH) {
		assert(!strmap_has(&registry.exact, name));
		strmap_set(&registry.exact, name, row);
		if (nocase)
			strmap_set(&registry.nocase, name, row);
		if (!strmap_has(&registry.folded, name))
			strmap_set(&registry.folded, name, row);
	}
	if (f->flags & AGGREGATE_PG)
		strmap_set(&registry.pg, name, row);
}

static void add_row(const struct aggregate *f)
{
	bool nocase = f->flags & AGGREGATE_NOCASE;
	add_name(f, str_of(f->name), nocase);
	for (const char *p = f->aliases; p != NULL && *p != '\0';) {
		size_t n = strcspn(p, " ");
		bool folds = *p == '~';
		if (n != 0)
			add_name(f, str_make(p + folds, n - folds), nocase || folds);
		p += n + (p[n] == ' ');
	}
}

void aggregate_registry_init(void)
{
	if (registry.rows != NULL)
		return;
	arena_init(&registry.arena, NULL);
	strmap_init(&registry.exact, &registry.arena, false);
	strmap_init(&registry.nocase, &registry.arena, true);
	strmap_init(&registry.pg, &registry.arena, true);
	strmap_init(&registry.folded, &registry.arena, true);
	uint32_t total = 0;
	for (size_t i = 0; i < ARRAY_COUNT(families); i++)
		total += families[i]->count;
	registry.rows = ARENA_ARRAY(&registry.arena, struct aggregate, total);
	for (size_t i = 0; i < ARRAY_COUNT(families); i++)
		for (uint32_t k = 0; k < families[i]->count; k++) {
			struct aggregate *f = &registry.rows[registry.count++];
			*f = families[i]->rows[k];
			f->family = families[i]->title;
			assert(f->bind != NULL);
			add_row(f);
		}
}

uint32_t aggregate_count(void)
{
	return registry.count;
}

const struct aggregate *aggregate_at(uint32_t i)
{
	assert(i < registry.count);
	return &registry.rows[i];
}

static const struct aggregate *find_row(struct str name, enum dialect dialect)
{
	const struct aggregate *f;
	assert(registry.rows != NULL);
	if (dialect == DIALECT_CLICKHOUSE) {
		f = strmap_get(&registry.exact, name);
		if (f == NULL)
			f = strmap_get(&registry.nocase, name);
		return f != NULL ? f : strmap_get(&registry.pg, name);
	}
	f = strmap_get(&registry.pg, name);
	return f != NULL ? f : strmap_get(&registry.folded, name);
}

/* The longest suffix that leaves something. */
static const struct agg_combinator *find_combinator(struct str name, enum dialect dialect)
{
	const struct agg_combinator *best = NULL;
	for (size_t i = 0; i < agg_combinator_count; i++) {
		struct str suffix = str_of(agg_combinators[i].suffix);
		if (name.size <= suffix.size || (best != NULL && strlen(best->suffix) >= suffix.size))
			continue;
		struct str tail = str_make(name.data + name.size - suffix.size, suffix.size);
		if (dialect == DIALECT_CLICKHOUSE ? str_eq(tail, suffix) : str_eq_nocase(tail, suffix))
			best = &agg_combinators[i];
	}
	return best;
}

bool aggregate_exists(struct str name, enum dialect dialect)
{
	for (;;) {
		if (find_row(name, dialect) != NULL)
			return true;
		const struct agg_combinator *c = find_combinator(name, dialect);
		if (c == NULL)
			return false;
		name.size -= strlen(c->suffix);
	}
}

bool aggregate_gives_state(struct str name, enum dialect dialect)
{
	static const char *const pass[] = {"If", "Array", "Distinct", "OrNull", "OrDefault"};
	while (find_row(name, dialect) == NULL) {
		const struct agg_combinator *c = find_combinator(name, dialect);
		bool passes = false;
		if (c == NULL)
			return false;
		if (str_ends_with(str_of(c->suffix), STR("State")))
			return true;
		for (size_t i = 0; i < ARRAY_COUNT(pass); i++)
			passes |= strcmp(c->suffix, pass[i]) == 0;
		if (!passes)
			return false;
		name.size -= strlen(c->suffix);
	}
	return false;
}

/* ---- errors ---- */

static struct str base_name(const struct aggregator *a)
{
	return a->function.size != 0 ? a->function : str_of(a->aggregate->name);
}

static enum status no_such_function(struct bind_env *env, const struct aggregator *a)
{
	struct str list = STR("");
	for (uint32_t i = 0; i < a->arg_count; i++) {
		struct str one = type_pg_base_name(env->arena, a->arg_types[i]);
		list = arena_strf(env->arena, "%.*s%s%.*s", STR_ARG(list), i == 0 ? "" : ", ", STR_ARG(one));
	}
	ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "function %.*s(%.*s) does not exist", STR_ARG(base_name(a)), STR_ARG(list));
	return error_hint(env->err,
	                  "No function matches the given name and argument types. You might need to add explicit type casts.");
}

enum status agg_bad_type(struct bind_env *env, const struct aggregator *a, uint32_t i)
{
	if (agg_is_pg(env))
		return no_such_function(env, a);
	return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Illegal type %.*s of argument %u of aggregate function %.*s",
	           STR_ARG(type_name(env->arena, a->arg_types[i])), i + 1, STR_ARG(base_name(a)));
}

enum status agg_arg_count(struct bind_env *env, const struct aggregator *a, uint32_t least, uint32_t most)
{
	if (a->arg_count >= least && a->arg_count <= most)
		return OK;
	if (agg_is_pg(env))
		return no_such_function(env, a);
	return ERR(env->err, E_NUMBER_OF_ARGUMENTS,
	           "Incorrect number of arguments for aggregate function %.*s: passed %u, should be %s%u",
	           STR_ARG(base_name(a)), a->arg_count, least == most ? "" : "at least ", least);
}

enum status agg_param_count(struct bind_env *env, const struct aggregator *a, uint32_t least, uint32_t most)
{
	if (a->param_count >= least && a->param_count <= most)
		return OK;
	if (most == 0)
		return ERR(env->err, E_BAD_ARGUMENTS, "Aggregate function %.*s cannot have parameters", STR_ARG(base_name(a)));
	return ERR(env->err, E_NUMBER_OF_ARGUMENTS,
	           "Incorrect number of parameters for aggregate function %.*s: passed %u, should be %s%u",
	           STR_ARG(base_name(a)), a->param_count, least == most ? "" : "at least ", least);
}

enum status agg_bad_param(struct bind_env *env, const struct aggregator *a, uint32_t i, const char *expected)
{
	return ERR(env->err, E_BAD_ARGUMENTS, "Parameter %u of aggregate function %.*s should be %s", i + 1,
	           STR_ARG(base_name(a)), expected);
}

struct str aggregate_nearest(struct str name)
{
	return strmap_nearest(&registry.exact, name);
}

static enum status unknown(struct bind_env *env, struct str name)
{
	struct str near = strmap_nearest(&registry.exact, name);
	enum status s = ERR(env->err, E_UNKNOWN_AGGREGATE, "Unknown aggregate function %.*s", STR_ARG(name));
	if (near.data != NULL)
		error_hint(env->err, "Maybe you meant: ['%.*s']", STR_ARG(near));
	return s;
}

/* ---- binding ---- */

bool agg_counts(const struct aggregate *row)
{
	return row != NULL && (row->flags & AGGREGATE_NEVER_NULL || strcmp(row->name, "count") == 0);
}

static enum status bind_row(struct bind_env *env, const struct aggregate *row, const struct vector *const *params,
                            uint32_t param_count, const struct type *const *types, uint32_t n, struct aggregator **out)
{
	struct aggregator *a = ARENA_NEW(env->arena, struct aggregator);
	a->aggregate = row;
	a->function = str_of(row->name);
	a->arg_count = n;
	a->arg_types = arena_copy(env->arena, types, n * sizeof *types);
	a->param_count = param_count;
	a->params = arena_copy(env->arena, params, param_count * sizeof *params);
	TRY(row->bind(env, a));
	assert(a->ops != NULL && a->result != NULL && a->state_size % 8 == 0 && a->state_align <= 8);
	a->name = agg_name_with_params(env->arena, a->function, a->params, a->param_count);
	*out = a;
	return OK;
}

/* The row on arguments without Nullable, in a wrapper that skips NULLs. */
static enum status bind_plain(struct bind_env *env, const struct aggregate *row, const struct agg_call *c,
                              struct aggregator **out)
{
	const struct type **plain = ARENA_ARRAY(env->arena, const struct type *, c->arg_count + 1);
	bool nullable = false, nothing = false, sees = row->flags & AGGREGATE_SEES_NULLS;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		nullable |= c->types[i]->nullable;
		nothing |= c->types[i]->id == TYPE_NOTHING;
		plain[i] = sees ? c->types[i] : type_not_nullable(env->arena, c->types[i]);
	}
	bool pg = agg_is_pg(env) && row->flags & AGGREGATE_EMPTY_NULL_PG;
	if (nothing && !sees && !agg_is_pg(env)) {
		const struct type *result = row->flags & AGGREGATE_NEVER_NULL ? type_simple(TYPE_UINT64)
		                            : type_nullable(env->arena, type_simple(TYPE_NOTHING));
		*out = agg_nothing(env, str_of(row->name), c->types, c->arg_count, result);
		return OK;
	}
	struct aggregator *a;
	TRY(bind_row(env, row, c->params, c->param_count, plain, c->arg_count, &a));
	bool skips = nullable && !sees, never = row->flags & AGGREGATE_NEVER_NULL;
	unsigned flags = (skips ? AGG_NULL_SKIP : 0) | (never ? AGG_NULL_FLAG : AGG_NULL_RESULT);
	if (skips || (!never && (pg || c->flags & AGG_NULLABLE_RESULT)))
		a = agg_null_wrap(env, a, c->types, flags);
	*out = a;
	return OK;
}

/* A combinator that wants no NULLs, in a wrapper that skips them. */
static enum status bind_stripped(const struct agg_combinator *k, struct agg_call *c, struct aggregator **out)
{
	const struct type *const *types = c->types;
	const struct type **plain = ARENA_ARRAY(c->env->arena, const struct type *, c->arg_count + 1);
	for (uint32_t i = 0; i < c->arg_count; i++)
		plain[i] = type_not_nullable(c->env->arena, types[i]);
	c->types = plain;
	c->flags &= ~(unsigned)AGG_NULLABLE_RESULT;
	TRY(k->bind(c, out));
	bool never = agg_counts((*out)->aggregate);
	unsigned flags = k->nulls == AGG_NULLS_SKIPPED ? 0 : never ? AGG_NULL_FLAG : AGG_NULL_RESULT;
	*out = agg_null_wrap(c->env, *out, types, flags | AGG_NULL_SKIP);
	return OK;
}

enum status agg_bind_name(struct bind_env *env, struct str name, const struct vector *const *params,
                          uint32_t param_count, const struct type *const *types, uint32_t n, unsigned flags,
                          struct aggregator **out)
{
	struct agg_call c = {env, name, params, param_count, types, n, flags};
	const struct aggregate *row = find_row(name, env->session->dialect);
	if (row != NULL)
		return bind_plain(env, row, &c, out);
	const struct agg_combinator *k = find_combinator(name, env->session->dialect);
	if (k == NULL)
		return unknown(env, name);
	c.name.size -= strlen(k->suffix);
	bool nullable = flags & AGG_NULLABLE_RESULT;
	for (uint32_t i = 0; i < n; i++)
		nullable |= types[i]->nullable;
	return k->nulls == AGG_NULLS_INSIDE || !nullable ? k->bind(&c, out) : bind_stripped(k, &c, out);
}

/* DISTINCT inside a call: nothing to do for those that ignore duplicates; count is the exact distinct count. */
static enum status bind_distinct(struct bind_env *env, struct str name, const struct vector *const *params,
                                 uint32_t param_count, const struct type *const *types, uint32_t n,
                                 struct aggregator **out)
{
	const struct aggregate *row = find_row(name, env->session->dialect);
	if (row != NULL && row->flags & AGGREGATE_DUPLICATES_IGNORED)
		return agg_bind_name(env, name, params, param_count, types, n, 0, out);
	if (row != NULL && str_eq(str_of(row->name), STR("count")) && n != 0)
		return agg_bind_name(env, STR("uniqExact"), params, param_count, types, n, 0, out);
	struct str tail = STR("If");
	struct str distinct = arena_strf(env->arena, "%.*sDistinct", STR_ARG(name));
	if (row == NULL && str_ends_with(name, tail)) /* fIf(DISTINCT x, c) is fDistinctIf(x, c) */
		distinct = arena_strf(env->arena, "%.*sDistinctIf", (int)(name.size - tail.size), name.data);
	return agg_bind_name(env, distinct, params, param_count, types, n, 0, out);
}

/* States and what reads them mean the same in both dialects, and to merges, which have no session. */
static void clickhouse_env(const struct bind_env *env, struct bind_env *ch)
{
	struct eval_session *session = ARENA_NEW(env->arena, struct eval_session);
	*session = env->session != NULL ? *env->session : (struct eval_session){.tz = timezone_utc()};
	session->dialect = DIALECT_CLICKHOUSE;
	*ch = *env;
	ch->session = session;
}

static bool ends_with_state(struct str name)
{
	static const char *const suffixes[] = {"state", "merge", "mergestate", "stateif", "mergeif", "mergestateif"};
	for (size_t i = 0; i < ARRAY_COUNT(suffixes); i++) {
		struct str suffix = str_of(suffixes[i]);
		if (name.size > suffix.size &&
		    str_eq_nocase(str_make(name.data + name.size - suffix.size, suffix.size), suffix))
			return true;
	}
	return false;
}

/* Names are folded by the postgresql dialect's parser: spells the base name and suffixes as the registry does. */
static struct str respell(struct arena *a, struct str name)
{
	struct str tail = STR("");
	const struct aggregate *row;
	while ((row = strmap_get(&registry.folded, name)) == NULL) {
		const struct agg_combinator *k = find_combinator(name, DIALECT_POSTGRESQL);
		if (k == NULL)
			return arena_strf(a, "%.*s%.*s", STR_ARG(name), STR_ARG(tail));
		tail = arena_strf(a, "%s%.*s", k->suffix, STR_ARG(tail));
		name.size -= strlen(k->suffix);
	}
	return arena_strf(a, "%s%.*s", row->name, STR_ARG(tail));
}

enum status aggregate_bind(struct bind_env *env, struct str name, const struct vector *const *params,
                           uint32_t param_count, const struct type *const *arg_types, uint32_t arg_count,
                           bool distinct, struct aggregator **out)
{
	struct bind_env ch;
	if (agg_is_pg(env) && ends_with_state(name)) {
		clickhouse_env(env, &ch);
		env = &ch;
		name = respell(env->arena, name);
	}
	/* a dictionary is a form of a vector here, not a type of value */
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, arg_count + 1);
	for (uint32_t i = 0; i < arg_count; i++)
		types[i] = type_low_cardinality(env->arena, arg_types[i], false);
	struct aggregator *a;
	if (distinct)
		TRY(bind_distinct(env, name, params, param_count, types, arg_count, &a));
	else
		TRY(agg_bind_name(env, name, params, param_count, types, arg_count, 0, &a));
	for (uint32_t i = 0; i < arg_count; i++)
		if (type_equal(a->arg_types[i], types[i]))
			a->arg_types[i] = arg_types[i];
	*out = a;
	return OK;
}

enum status aggregate_of_type(struct bind_env *env, const struct type *t, struct aggregator **out)
{
	assert(t->id == TYPE_AGGSTATE);
	struct bind_env ch;
	struct str name;
	const struct vector **params;
	uint32_t param_count;
	clickhouse_env(env, &ch);
	TRY(agg_parse_name(&ch, t->aggregate, &name, &params, &param_count));
	return aggregate_bind(&ch, name, params, param_count, t->children, t->child_count, false, out);
}

enum status aggregate_of_simple(struct bind_env *env, const struct type *t, struct aggregator **out)
{
	struct bind_env ch;
	struct str name;
	const struct vector **params;
	uint32_t param_count;
	struct type plain = *t;
	plain.simple_aggregate = STR("");
	const struct type *arg = arena_copy(env->arena, &plain, sizeof plain);
	clickhouse_env(env, &ch);
	TRY(agg_parse_name(&ch, t->simple_aggregate, &name, &params, &param_count));
	return aggregate_bind(&ch, name, params, param_count, &arg, 1, false, out);
}

enum status aggregate_state_size(const struct aggregator *a, struct eval *e, struct str from, size_t *size)
{
	enum { STATE_ON_STACK = 512 };
	_Alignas(16) char here[STATE_ON_STACK] = {0};
	char *state = a->state_size <= STATE_ON_STACK ? here : arena_alloc(e->scratch, a->state_size);
	agg_init(a, state);
	enum status s = a->ops->read(a, e, state, from, size);
	agg_destroy(a, state, e->track);
	return s;
}
