// SPDX-License-Identifier: Apache-2.0
/*
 * The breaking operators, fed by hand through a tiny pipeline: several workers take turns on one thread, and a
 * collecting operator stands where the rest of the chain would. Results are compared with what a plain loop finds.
 */
#include <stdlib.h>

#include "column/value.h"
#include "exec/operator.h"
#include "exec/op_group.h"
#include "func/cast.h"
#include "regress/unit/tap.h"

enum { WORKERS = 3 };

static struct arena arena;
static struct error err;
static struct eval_session session;
static struct query query;
static struct worker workers[WORKERS];
static struct pipeline pipeline;

/* The driver's; nothing is cancelled here. */
enum status query_check(struct query *q, struct error *e)
{
	return OK;
}

static void begin(void)
{
	arena_init(&arena, NULL);
	error_init(&err);
	memset(&query, 0, sizeof query);
	memtrack_init(&query.track, NULL, "query", 0);
	session = (struct eval_session){.dialect = DIALECT_CLICKHOUSE, .tz = timezone_utc(), .text = &value_options_default};
	query.session = &session;
	for (unsigned i = 0; i < WORKERS; i++) {
		struct worker *w = &workers[i];
		memset(w, 0, sizeof *w);
		w->number = i;
		w->query = &query;
		w->pipeline = &pipeline;
		arena_init(&w->scratch, NULL);
		error_init(&w->err);
		w->eval = (struct eval){.session = &session, .track = &query.track, .scratch = &w->scratch, .err = &w->err};
	}
}

static void end(const char *what)
{
	for (unsigned i = 0; i < WORKERS; i++)
		arena_fini(&workers[i].scratch);
	arena_fini(&arena);
	is_int(memtrack_used(&query.track), 0, what);
}

static void must(enum status s, const struct error *e)
{
	if (s == OK)
		return;
	printf("Bail out! %s (%s:%d)\n", e->message, e->file, e->line);
	exit(1);
}

static const struct type *type_of(const char *name)
{
	const struct type *t = NULL;
	must(type_parse(&arena, str_of(name), &t, &err), &err);
	return t;
}

/* ---- batches ---- */

struct rows {
	uint32_t column_count, count;
	const struct type **types;
	struct builder **columns;
};

static struct rows rows_new(uint32_t n, const char *const *types)
{
	struct rows r = {.column_count = n};
	r.types = ARENA_ARRAY(&arena, const struct type *, n);
	r.columns = ARENA_ARRAY(&arena, struct builder *, n);
	for (uint32_t c = 0; c < n; c++) {
		r.types[c] = type_of(types[c]);
		must(builder_new(&query.track, r.types[c], &r.columns[c], &err), &err);
	}
	return r;
}

static void put_int(struct rows *r, uint32_t c, int64_t v)
{
	must(builder_fixed(r->columns[c], &v, &err), &err);
}

static void put_text(struct rows *r, uint32_t c, const char *v)
{
	must(builder_string(r->columns[c], v, strlen(v), &err), &err);
}

static void put_null(struct rows *r, uint32_t c)
{
	must(builder_null(r->columns[c], &err), &err);
}

static struct batch *rows_batch(struct rows *r)
{
	struct batch *b;
	must(batch_new(r->column_count, &b, &err), &err);
	for (uint32_t c = 0; c < r->column_count; c++) {
		must(builder_finish(r->columns[c], &b->columns[c], &err), &err);
		builder_free(r->columns[c]);
	}
	b->count = b->columns[0]->count;
	return b;
}

/* Feeds rows [0, count) in batches of `step`, to the workers in turn, then drains and finishes. */
static void feed(struct operator *o, struct batch *all, uint32_t step, unsigned threads)
{
	unsigned turn = 0;
	for (uint32_t from = 0; from < all->count; from += step) {
		struct worker *w = &workers[turn++ % threads];
		uint32_t n = all->count - from < step ? all->count - from : step;
		struct batch *b;
		must(batch_new(all->column_count, &b, &err), &err);
		b->count = n;
		for (uint32_t c = 0; c < all->column_count; c++)
			must(vector_slice(&query.track, all->columns[c], from, n, &b->columns[c], &err), &err);
		arena_reset(&w->scratch);
		must(operator_push(o, w, b), &w->err);
	}
	batch_free(all);
	for (unsigned i = 0; i < threads && o->ops->drain != NULL; i++)
		must(o->ops->drain(o, &workers[i]), &workers[i].err);
	arena_reset(&workers[0].scratch);
	if (o->ops->finish != NULL)
		must(o->ops->finish(o, &workers[0]), &workers[0].err);
}

/* ---- results ---- */

struct results {
	struct operator base;
	struct strbuf lines[200000];
	uint32_t count;
	uint32_t batches;
};

static struct results *results;

static void take_batch(struct batch *b)
{
	for (uint32_t i = 0; i < b->count; i++) {
		struct strbuf *line = &results->lines[results->count++];
		strbuf_init(line, NULL);
		for (uint32_t c = 0; c < b->column_count; c++) {
			if (c != 0)
				strbuf_putc(line, ' ');
			value_write(line, b->columns[c], i, VALUE_TSV, &value_options_default);
		}
	}
	results->batches++;
	ok(b->count <= BATCH_ROWS_MAX || b->count == 0, "a batch is not too large (%u rows)", b->count);
	batch_free(b);
}

static enum status collect_push(struct operator *o, struct worker *w, struct batch *in)
{
	take_batch(in);
	return OK;
}

static const struct operator_ops collect_ops = {.name = "Collect", .push = collect_push};

static void clear_results(void)
{
	for (uint32_t i = 0; i < results->count; i++)
		strbuf_fini(&results->lines[i]);
	results->count = results->batches = 0;
	results->base.ops = &collect_ops;
}

static void collect(struct operator *source, unsigned threads)
{
	for (unsigned turn = 0, dry = 0; dry < threads; turn++) {
		struct worker *w = &workers[turn % threads];
		struct batch *b = NULL;
		arena_reset(&w->scratch);
		must(source->ops->next(source, w, &b), &w->err);
		dry = b == NULL ? dry + 1 : 0;
		if (b != NULL)
			take_batch(b);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(strbuf_cstr((struct strbuf *)(uintptr_t)a), strbuf_cstr((struct strbuf *)(uintptr_t)b));
}

static void sort_results(void)
{
	qsort(results->lines, results->count, sizeof results->lines[0], by_text);
}

static bool line_is(uint32_t i, const char *want)
{
	bool same = i < results->count && strcmp(strbuf_cstr(&results->lines[i]), want) == 0;
	if (!same)
		printf("# line %u: got '%s', want '%s'\n", i, i < results->count ? strbuf_cstr(&results->lines[i]) : "(none)", want);
	return same;
}

/* ---- plans ---- */

static struct plan *input_plan(const struct type **types, uint32_t n)
{
	struct plan *p = ARENA_NEW(&arena, struct plan);
	p->kind = PLAN_VALUES;
	p->column_count = n;
	p->types = types;
	return p;
}

static struct plan *node(enum plan_kind kind, struct plan *input, uint32_t columns)
{
	struct plan *p = ARENA_NEW(&arena, struct plan);
	p->kind = kind;
	p->column_count = columns;
	p->types = ARENA_ARRAY(&arena, const struct type *, columns + 1);
	p->inputs = ARENA_ARRAY(&arena, struct plan *, 2);
	p->inputs[p->input_count++] = input;
	return p;
}

static struct expr *column(const struct plan *input, uint32_t c)
{
	return expr_column(&arena, c, input->types[c], STR("c"));
}

static struct aggregator *bind(const char *name, const struct type *const *types, uint32_t n)
{
	struct aggregator *a = NULL;
	struct bind_env env = {.arena = &arena, .session = &session, .err = &err};
	must(aggregate_bind(&env, str_of(name), NULL, 0, types, n, false, &a), &err);
	return a;
}

/* Keys are the input's columns listed; aggregates name(column) or name() for column < 0. */
static struct plan *aggregate_plan(struct plan *in, const uint32_t *keys, uint32_t key_count, const char *const *names,
                                   const int *columns, uint32_t n)
{
	struct plan *p = node(PLAN_AGGREGATE, in, key_count + n);
	p->u.aggregate.keys = ARENA_ARRAY(&arena, struct expr *, key_count + 1);
	p->u.aggregate.key_count = key_count;
	p->u.aggregate.one_row_when_empty = key_count == 0;
	for (uint32_t i = 0; i < key_count; i++) {
		p->u.aggregate.keys[i] = column(in, keys[i]);
		p->types[i] = in->types[keys[i]];
	}
	p->u.aggregate.aggregates = ARENA_ARRAY(&arena, struct plan_aggregate, n);
	p->u.aggregate.aggregate_count = n;
	for (uint32_t i = 0; i < n; i++) {
		struct plan_aggregate *a = &p->u.aggregate.aggregates[i];
		const struct type *t = columns[i] < 0 ? NULL : in->types[columns[i]];
		a->aggregator = bind(names[i], &t, columns[i] >= 0);
		a->args = ARENA_ARRAY(&arena, struct expr *, 1);
		if (columns[i] >= 0)
			a->args[0] = column(in, (uint32_t)columns[i]);
		p->types[key_count + i] = a->aggregator->result;
	}
	return p;
}

/* ---- GROUP BY ---- */

/* n rows whose key has `groups` values, by each shape of key; checks every group's count and sum. */
static void test_group(const char *what, uint32_t key_count, const char *const *key_types, uint32_t n, uint32_t groups,
                       unsigned threads)
{
	const char *types[4];
	const uint32_t keys[] = {0, 1, 2};
	for (uint32_t k = 0; k < key_count; k++)
		types[k] = key_types[k];
	types[key_count] = "Int64";
	begin();
	clear_results();
	struct rows r = rows_new(key_count + 1, types);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t g = (uint32_t)(i * 2654435761u) % groups;
		for (uint32_t k = 0; k < key_count; k++) {
			char text[64];
			if (r.types[k]->nullable && g == 0) {
				put_null(&r, k);
			} else if (type_physical(r.types[k]) == PHYS_STR) {
				snprintf(text, sizeof text, g % 2 == 0 ? "k%u" : "a key of more than twelve bytes %u", g);
				put_text(&r, k, text);
			} else {
				uint8_t wide[32] = {0};
				memcpy(wide, &g, sizeof g);
				must(builder_fixed(r.columns[k], wide, &err), &err);
			}
		}
		put_int(&r, key_count, i);
	}
	struct plan *p = aggregate_plan(input_plan(r.types, key_count + 1), keys, key_count,
	                                (const char *const[]){"count", "sum", "max"},
	                                (const int[]){-1, (int)key_count, (int)key_count}, 3);
	struct operator *o;
	must(aggregate_operator_new(&query, p, threads, &o), &query.err);
	feed(o, rows_batch(&r), 1000, threads);
	collect(o, threads);
	uint64_t *count = ARENA_ARRAY(&arena, uint64_t, groups), *sum = ARENA_ARRAY(&arena, uint64_t, groups), distinct = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t g = (uint32_t)(i * 2654435761u) % groups;
		distinct += count[g]++ == 0;
		sum[g] += i;
	}
	is_int(results->count, distinct, what);
	uint64_t total = 0, rows = 0;
	bool right = true;
	for (uint32_t i = 0; i < results->count; i++) {
		const char *line = strbuf_cstr(&results->lines[i]);
		unsigned long long c = 0, s = 0, m = 0;
		const char *last = line;
		for (const char *q = line; *q != '\0'; q++) /* the last three words */
			if (*q == ' ')
				last = q;
		const char *second = last - 1;
		while (*second != ' ')
			second--;
		const char *first = second - 1;
		while (first > line && *first != ' ')
			first--;
		sscanf(first, "%llu %llu %llu", &c, &s, &m);
		uint32_t g = (uint32_t)((uint32_t)m * 2654435761u) % groups;
		right = right && count[g] == c && sum[g] == s;
		total += s;
		rows += c;
	}
	ok(right && rows == n && total == (uint64_t)n * (n - 1) / 2, "%s: counts and sums", what);
	o->ops->free(o);
	end(what);
}

static void test_groups(void)
{
	for (unsigned threads = 1; threads <= WORKERS; threads += 2) {
		test_group("UInt8 keys", 1, (const char *const[]){"UInt8"}, 5000, 200, threads);
		test_group("Nullable(UInt16) keys", 1, (const char *const[]){"Nullable(UInt16)"}, 50000, 30000, threads);
		test_group("UInt32 keys", 1, (const char *const[]){"UInt32"}, 5000, 300, threads);
		test_group("UInt64 keys, many", 1, (const char *const[]){"UInt64"}, 120000, 90000, threads);
		test_group("Nullable(UInt64) keys", 1, (const char *const[]){"Nullable(UInt64)"}, 60000, 40000, threads);
		test_group("two packed keys", 2, (const char *const[]){"UInt64", "Nullable(UInt32)"}, 5000, 700, threads);
		test_group("three packed keys", 3, (const char *const[]){"UInt64", "UInt128", "Nullable(UInt32)"}, 50000, 30000,
		           threads);
		test_group("String keys", 1, (const char *const[]){"String"}, 50000, 40000, threads);
		test_group("Nullable(String) keys", 1, (const char *const[]){"Nullable(String)"}, 5000, 100, threads);
		test_group("serialised keys", 3, (const char *const[]){"String", "Nullable(UInt32)", "Nullable(String)"}, 60000,
		           40000, threads);
		test_group("Int256 keys", 2, (const char *const[]){"Int256", "Int256"}, 5000, 100, threads);
	}
}

static void test_no_key(void)
{
	begin();
	clear_results();
	struct rows r = rows_new(1, (const char *const[]){"Int64"});
	for (int i = 0; i < 100; i++)
		put_int(&r, 0, i);
	struct plan *p = aggregate_plan(input_plan(r.types, 1), NULL, 0, (const char *const[]){"count", "sum", "min", "avg"},
	                                (const int[]){-1, 0, 0, 0}, 4);
	struct operator *o;
	must(aggregate_operator_new(&query, p, 2, &o), &query.err);
	feed(o, rows_batch(&r), 30, 2);
	collect(o, 2);
	ok(results->count == 1 && line_is(0, "100 4950 0 49.5"), "without keys: one row");
	o->ops->free(o);
	clear_results();
	must(aggregate_operator_new(&query, p, 2, &o), &query.err);
	must(o->ops->finish(o, &workers[0]), &workers[0].err);
	collect(o, 2);
	ok(results->count == 1 && line_is(0, "0 0 0 nan"), "of no rows too");
	o->ops->free(o);
	end("no key");
}

static void test_sets(void)
{
	begin();
	clear_results();
	struct rows r = rows_new(2, (const char *const[]){"UInt8", "Nullable(String)"});
	for (int i = 0; i < 10; i++) {
		put_int(&r, 0, i % 2);
		put_text(&r, 1, i % 3 == 0 ? "x" : "y");
	}
	struct plan *p = aggregate_plan(input_plan(r.types, 2), (const uint32_t[]){0, 1}, 2, (const char *const[]){"count"},
	                                (const int[]){-1}, 1);
	p->u.aggregate.sets = (uint64_t[]){3, 1, 0};
	p->u.aggregate.set_count = 3;
	struct operator *o;
	must(aggregate_operator_new(&query, p, 1, &o), &query.err);
	feed(o, rows_batch(&r), 4, 1);
	collect(o, 1);
	sort_results();
	static const char *const want[] = {"0 \\N 10 3", "0 \\N 5 2", "0 x 2 0", "0 y 3 0", "1 \\N 5 2", "1 x 2 0", "1 y 3 0"};
	bool right = results->count == ARRAY_COUNT(want);
	for (uint32_t i = 0; i < ARRAY_COUNT(want); i++)
		right = line_is(i, want[i]) && right;
	ok(right, "grouping sets: each set's groups and which keys it lacks");
	o->ops->free(o);
	end("grouping sets");
}

/* LowCardinality comes as dictionaries. */
static void test_dictionary(void)
{
	begin();
	clear_results();
	struct rows words = rows_new(1, (const char *const[]){"String"});
	put_text(&words, 0, "red");
	put_text(&words, 0, "a colour of more than twelve bytes");
	put_text(&words, 0, "unused");
	struct batch *dictionary = rows_batch(&words), *b;
	must(batch_new(1, &b, &err), &err);
	must(vector_new_dict(&query.track, dictionary->columns[0], 1000, &b->columns[0], &err), &err);
	b->count = 1000;
	for (uint32_t i = 0; i < 1000; i++)
		((uint32_t *)b->columns[0]->data)[i] = i % 3 == 0;
	struct plan *p = aggregate_plan(input_plan(words.types, 1), (const uint32_t[]){0}, 1,
	                                (const char *const[]){"count", "max"}, (const int[]){-1, 0}, 2);
	struct operator *o;
	must(aggregate_operator_new(&query, p, 1, &o), &query.err);
	batch_free(dictionary);
	feed(o, b, 100, 1);
	collect(o, 1);
	sort_results();
	ok(results->count == 2 && line_is(0, "a colour of more than twelve bytes 334 a colour of more than twelve bytes") &&
	   line_is(1, "red 666 red"), "keys of a dictionary");
	o->ops->free(o);
	end("dictionary keys");
}

/* ---- ORDER BY ---- */

struct reference {
	int64_t a;
	const char *b;
	uint32_t row;
};

static bool sort_descending;

static int by_reference(const void *x, const void *y)
{
	const struct reference *p = x, *q = y;
	if (p->a != q->a)
		return (p->a < q->a ? -1 : 1) * (sort_descending ? -1 : 1);
	int c = strcmp(p->b, q->b);
	return c != 0 ? c : p->row < q->row ? -1 : 1;
}

static void test_sort(uint32_t n, uint32_t values, unsigned threads, uint64_t limit, bool descending)
{
	begin();
	clear_results();
	struct rows r = rows_new(3, (const char *const[]){"Int64", "String", "UInt64"});
	struct reference *want = calloc(n, sizeof *want);
	for (uint32_t i = 0; i < n; i++) {
		want[i].a = (int64_t)((uint32_t)(i * 2654435761u) % values) - values / 2;
		want[i].b = i % 3 == 0 ? "alpha beta gamma delta" : i % 3 == 1 ? "alpha beta gamma deltb" : "";
		want[i].row = i;
		put_int(&r, 0, want[i].a);
		put_text(&r, 1, want[i].b);
		put_int(&r, 2, i);
	}
	struct plan *in = input_plan(r.types, 3), *p = node(PLAN_SORT, in, 3);
	memcpy(p->types, in->types, 3 * sizeof *p->types);
	p->u.sort.order = ARENA_ARRAY(&arena, struct plan_order, 3);
	p->u.sort.order[0] = (struct plan_order){.expr = column(in, 0), .descending = descending};
	p->u.sort.order[1] = (struct plan_order){.expr = column(in, 1)};
	p->u.sort.order[2] = (struct plan_order){.expr = column(in, 2)};
	p->u.sort.order_count = 3;
	p->u.sort.limit = limit;
	struct operator *o;
	must(sort_operator_new(&query, p, threads, &o), &query.err);
	feed(o, rows_batch(&r), 777, threads);
	collect(o, 1);
	sort_descending = descending;
	qsort(want, n, sizeof *want, by_reference);
	uint32_t kept = limit != 0 && limit < n ? (uint32_t)limit : n;
	bool right = results->count == kept;
	for (uint32_t i = 0; i < kept && right; i++) {
		char text[128];
		snprintf(text, sizeof text, "%lld %s %u", (long long)want[i].a, want[i].b, want[i].row);
		right = line_is(i, text);
	}
	ok(right, "sort of %u rows, limit %llu, %u workers", n, (unsigned long long)limit, threads);
	o->ops->free(o);
	free(want);
	end("sort");
}

static void test_sort_nulls(void)
{
	static const struct {
		bool descending, nulls_first;
		const char *want[6];
	} cases[] = {
		{false, false, {"-1.5", "0", "2.5", "inf", "nan", "\\N"}},
		{false, true, {"\\N", "nan", "-1.5", "0", "2.5", "inf"}},
		{true, false, {"inf", "2.5", "0", "-1.5", "nan", "\\N"}},
		{true, true, {"\\N", "nan", "inf", "2.5", "0", "-1.5"}},
	};
	for (size_t k = 0; k < ARRAY_COUNT(cases); k++) {
		begin();
		clear_results();
		struct rows r = rows_new(1, (const char *const[]){"Nullable(Float64)"});
		static const double values[] = {2.5, __builtin_nan(""), -1.5, __builtin_inf(), 0};
		for (size_t i = 0; i < ARRAY_COUNT(values); i++)
			must(builder_fixed(r.columns[0], &values[i], &err), &err);
		put_null(&r, 0);
		struct plan *in = input_plan(r.types, 1), *p = node(PLAN_SORT, in, 1);
		p->types[0] = in->types[0];
		p->u.sort.order = ARENA_ARRAY(&arena, struct plan_order, 1);
		p->u.sort.order[0] = (struct plan_order){column(in, 0), cases[k].descending, cases[k].nulls_first};
		p->u.sort.order_count = 1;
		struct operator *o;
		must(sort_operator_new(&query, p, 1, &o), &query.err);
		feed(o, rows_batch(&r), 2, 1);
		collect(o, 1);
		bool right = results->count == 6;
		for (uint32_t i = 0; i < 6; i++)
			right = line_is(i, cases[k].want[i]) && right;
		ok(right, "NULLs and NaN, descending %d, nulls first %d", cases[k].descending, cases[k].nulls_first);
		o->ops->free(o);
		end("sort of NULLs");
	}
}

/* ---- DISTINCT, LIMIT BY, sets, unnest ---- */

static void test_distinct(void)
{
	begin();
	clear_results();
	struct rows r = rows_new(2, (const char *const[]){"UInt8", "Nullable(String)"});
	for (int i = 0; i < 1000; i++) {
		put_int(&r, 0, i % 5);
		if (i % 5 == 4)
			put_null(&r, 1);
		else
			put_text(&r, 1, i % 2 == 0 ? "even" : "odd");
	}
	struct plan *in = input_plan(r.types, 2), *p = node(PLAN_DISTINCT, in, 2);
	memcpy(p->types, in->types, 2 * sizeof *p->types);
	struct operator *o;
	must(distinct_operator_new(&query, p, WORKERS, &o), &query.err);
	o->next = &results->base;
	feed(o, rows_batch(&r), 64, WORKERS);
	is_int(results->count, 9, "distinct rows, seen by several workers");
	ok(line_is(0, "0 even") && line_is(1, "1 odd"), "in the order in which they came");
	o->ops->free(o);
	end("distinct");
}

static void test_limit_by(void)
{
	begin();
	clear_results();
	struct rows r = rows_new(2, (const char *const[]){"UInt8", "Int64"});
	for (int i = 0; i < 20; i++) {
		put_int(&r, 0, i % 3);
		put_int(&r, 1, i);
	}
	struct plan *in = input_plan(r.types, 2), *p = node(PLAN_LIMIT_BY, in, 2);
	memcpy(p->types, in->types, 2 * sizeof *p->types);
	p->u.limit_by.keys = (struct expr *[]){column(in, 0)};
	p->u.limit_by.key_count = 1;
	p->u.limit_by.limit = 2;
	p->u.limit_by.offset = 1;
	struct operator *o;
	must(limit_by_operator_new(&query, p, &o), &query.err);
	o->next = &results->base;
	feed(o, rows_batch(&r), 7, 1);
	ok(results->count == 6 && line_is(0, "0 3") && line_is(1, "1 4") && line_is(3, "0 6") && line_is(5, "2 8"),
	   "LIMIT 1, 2 BY");
	o->ops->free(o);
	end("limit by");
}

static void test_set(bool except, bool all, const char *want)
{
	begin();
	clear_results();
	struct rows left = rows_new(1, (const char *const[]){"Int64"}), right = rows_new(1, (const char *const[]){"Int64"});
	static const int64_t l[] = {1, 1, 1, 2, 3, 3}, q[] = {1, 1, 3, 4};
	for (size_t i = 0; i < ARRAY_COUNT(l); i++)
		put_int(&left, 0, l[i]);
	for (size_t i = 0; i < ARRAY_COUNT(q); i++)
		put_int(&right, 0, q[i]);
	struct plan *p = node(PLAN_SET, input_plan(left.types, 1), 1);
	p->types[0] = left.types[0];
	p->u.set.except = except;
	p->u.set.all = all;
	struct operator *a, *b, *source;
	must(set_operator_new(&query, p, 2, &a, &b, &source), &query.err);
	feed(b, rows_batch(&right), 3, 2);
	feed(a, rows_batch(&left), 4, 2);
	collect(source, 1);
	sort_results();
	struct strbuf text;
	strbuf_init(&text, NULL);
	for (uint32_t i = 0; i < results->count; i++)
		strbuf_puts(&text, strbuf_str(&results->lines[i]));
	is_str(strbuf_str(&text), want, "INTERSECT, EXCEPT");
	strbuf_fini(&text);
	a->ops->free(a);
	b->ops->free(b);
	end("set");
}

static void put_array(struct rows *r, uint32_t c, int from, int n)
{
	for (int64_t i = 0; i < n; i++) {
		int64_t v = from + i;
		must(builder_fixed(r->columns[c]->children[0], &v, &err), &err);
	}
	must(builder_end_array(r->columns[c], &err), &err);
}

static void test_unnest(void)
{
	begin();
	clear_results();
	struct rows r = rows_new(2, (const char *const[]){"UInt8", "Array(Int64)"});
	for (int i = 0; i < 3; i++) {
		put_int(&r, 0, i);
		put_array(&r, 1, i * 10, i);
	}
	struct plan *in = input_plan(r.types, 2), *p = node(PLAN_UNNEST, in, 4);
	memcpy(p->types, in->types, 2 * sizeof *p->types);
	p->types[2] = type_of("Int64");
	p->types[3] = type_of("Int64");
	p->u.unnest.arrays = (struct expr *[]){column(in, 1)};
	p->u.unnest.array_count = 1;
	p->u.unnest.left = p->u.unnest.ordinality = true;
	struct operator *o;
	must(unnest_operator_new(&query, p, &o), &query.err);
	o->next = &results->base;
	feed(o, rows_batch(&r), 2, 1);
	ok(results->count == 4 && line_is(0, "0 [] 0 1") && line_is(1, "1 [10] 10 1") && line_is(2, "2 [20,21] 20 1") &&
	   line_is(3, "2 [20,21] 21 2"), "arrays side by side with their ordinals");
	o->ops->free(o);
	end("unnest");
}

/* ---- joins ---- */

struct join_case {
	enum plan_join_kind kind;
	bool any, use_nulls, residual, null_aware, null_safe;
	const char *want; /* lines, sorted, joined by ';' */
};

static void join_plan(struct plan *p, const struct join_case *c, struct plan *left, struct plan *right)
{
	uint32_t n = 0;
	bool left_only = c->kind == PLAN_JOIN_SEMI || c->kind == PLAN_JOIN_ANTI || c->kind == PLAN_JOIN_MARK;
	bool null_left = c->use_nulls && (c->kind == PLAN_JOIN_RIGHT || c->kind == PLAN_JOIN_FULL);
	bool null_right = c->use_nulls && (c->kind == PLAN_JOIN_LEFT || c->kind == PLAN_JOIN_FULL);
	for (uint32_t i = 0; i < 2; i++)
		p->types[n++] = null_left ? type_nullable(&arena, left->types[i]) : left->types[i];
	for (uint32_t i = 0; i < 2 && !left_only; i++)
		p->types[n++] = null_right ? type_nullable(&arena, right->types[i]) : right->types[i];
	if (c->kind == PLAN_JOIN_MARK)
		p->types[n++] = type_of("Nullable(Bool)");
	p->column_count = n;
	p->inputs[p->input_count++] = right;
	p->u.join.kind = c->kind;
	p->u.join.any = c->any;
	p->u.join.use_nulls = c->use_nulls;
	p->u.join.mark_null_aware = c->null_aware;
	if (c->kind == PLAN_JOIN_CROSS)
		return;
	p->u.join.left_keys = ARENA_ARRAY(&arena, struct expr *, 1);
	p->u.join.right_keys = ARENA_ARRAY(&arena, struct expr *, 1);
	p->u.join.null_safe = ARENA_ARRAY(&arena, bool, 1);
	p->u.join.null_safe[0] = c->null_safe;
	p->u.join.left_keys[0] = column(left, 0);
	p->u.join.right_keys[0] = column(right, 0);
	p->u.join.key_count = 1;
	if (c->residual) /* the right value, of which only 0 is false */
		p->u.join.residual = expr_column(&arena, 3, right->types[1], STR("v"));
}

static void test_join(const struct join_case *c)
{
	begin();
	clear_results();
	struct rows left = rows_new(2, (const char *const[]){"Nullable(Int64)", "String"});
	struct rows right = rows_new(2, (const char *const[]){"Nullable(Int64)", "UInt8"});
	static const int64_t lk[] = {1, 2, 2, 3}, rk[] = {2, 2, 3, 4};
	static const char *const names[] = {"a", "b", "c", "d"};
	for (size_t i = 0; i < 4; i++) {
		put_int(&left, 0, lk[i]);
		put_text(&left, 1, names[i]);
		put_int(&right, 0, rk[i]);
		put_int(&right, 1, (int64_t)i);
	}
	put_null(&left, 0);
	put_text(&left, 1, "n");
	put_null(&right, 0);
	put_int(&right, 1, 9);
	struct plan *l = input_plan(left.types, 2), *r = input_plan(right.types, 2), *p = node(PLAN_JOIN, l, 4);
	join_plan(p, c, l, r);
	struct operator *build, *probe, *rest, *part_source, *part_probe;
	must(join_operators_new(&query, p, 2, &build, &probe, &rest, &part_source, &part_probe), &query.err);
	probe->next = &results->base;
	feed(build, rows_batch(&right), 2, 2);
	feed(probe, rows_batch(&left), 3, 2);
	if (rest != NULL)
		collect(rest, 1);
	sort_results();
	struct strbuf text;
	strbuf_init(&text, NULL);
	for (uint32_t i = 0; i < results->count; i++) {
		if (i != 0)
			strbuf_putc(&text, ';');
		strbuf_puts(&text, strbuf_str(&results->lines[i]));
	}
	is_str(strbuf_str(&text), c->want, "join");
	strbuf_fini(&text);
	build->ops->free(build);
	probe->ops->free(probe);
	if (rest != NULL)
		rest->ops->free(rest);
	end("join");
}

static void test_joins(void)
{
	static const struct join_case cases[] = {
		{.kind = PLAN_JOIN_INNER, .want = "2 b 2 0;2 b 2 1;2 c 2 0;2 c 2 1;3 d 3 2"},
		{.kind = PLAN_JOIN_INNER, .any = true, .want = "2 b 2 0;2 c 2 0;3 d 3 2"},
		{.kind = PLAN_JOIN_INNER, .residual = true, .want = "2 b 2 1;2 c 2 1;3 d 3 2"},
		{.kind = PLAN_JOIN_INNER, .null_safe = true, .want = "2 b 2 0;2 b 2 1;2 c 2 0;2 c 2 1;3 d 3 2;\\N n \\N 9"},
		{.kind = PLAN_JOIN_LEFT, .want = "1 a \\N 0;2 b 2 0;2 b 2 1;2 c 2 0;2 c 2 1;3 d 3 2;\\N n \\N 0"},
		{.kind = PLAN_JOIN_LEFT, .use_nulls = true,
		 .want = "1 a \\N \\N;2 b 2 0;2 b 2 1;2 c 2 0;2 c 2 1;3 d 3 2;\\N n \\N \\N"},
		{.kind = PLAN_JOIN_LEFT, .use_nulls = true, .residual = true, .any = true,
		 .want = "1 a \\N \\N;2 b 2 1;2 c 2 1;3 d 3 2;\\N n \\N \\N"},
		{.kind = PLAN_JOIN_RIGHT, .use_nulls = true,
		 .want = "2 b 2 0;2 b 2 1;2 c 2 0;2 c 2 1;3 d 3 2;\\N \\N 4 3;\\N \\N \\N 9"},
		{.kind = PLAN_JOIN_RIGHT, .residual = true, .use_nulls = true,
		 .want = "2 b 2 1;2 c 2 1;3 d 3 2;\\N \\N 2 0;\\N \\N 4 3;\\N \\N \\N 9"},
		{.kind = PLAN_JOIN_FULL, .use_nulls = true,
		 .want = "1 a \\N \\N;2 b 2 0;2 b 2 1;2 c 2 0;2 c 2 1;3 d 3 2;\\N \\N 4 3;\\N \\N \\N 9;\\N n \\N \\N"},
		{.kind = PLAN_JOIN_SEMI, .want = "2 b;2 c;3 d"},
		{.kind = PLAN_JOIN_ANTI, .want = "1 a;\\N n"},
		{.kind = PLAN_JOIN_SEMI, .residual = true, .want = "2 b;2 c;3 d"},
		{.kind = PLAN_JOIN_MARK, .want = "1 a false;2 b true;2 c true;3 d true;\\N n false"},
		{.kind = PLAN_JOIN_MARK, .null_aware = true, .want = "1 a \\N;2 b true;2 c true;3 d true;\\N n \\N"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		test_join(&cases[i]);
	test_join(&(struct join_case){.kind = PLAN_JOIN_CROSS,
	                              .want = "1 a 2 0;1 a 2 1;1 a 3 2;1 a 4 3;1 a \\N 9;2 b 2 0;2 b 2 1;2 b 3 2;2 b 4 3;2 b "
	                                      "\\N 9;"
	                                      "2 c 2 0;2 c 2 1;2 c 3 2;2 c 4 3;2 c \\N 9;3 d 2 0;3 d 2 1;3 d 3 2;3 d 4 3;3 d "
	                                      "\\N 9;"
	                                      "\\N n 2 0;\\N n 2 1;\\N n 3 2;\\N n 4 3;\\N n \\N 9"});
}

int main(void)
{
	results = calloc(1, sizeof *results);
	aggregate_registry_init();
	test_groups();
	test_no_key();
	test_sets();
	test_dictionary();
	test_sort(1, 1, 1, 0, false);
	test_sort(20000, 300, 1, 0, false);
	test_sort(20000, 3, WORKERS, 0, true);
	test_sort(100000, 100000, WORKERS, 25, false);
	test_sort(100000, 10, WORKERS, 10000, true);
	test_sort_nulls();
	test_distinct();
	test_limit_by();
	test_set(false, false, "13");
	test_set(false, true, "113");
	test_set(true, false, "2");
	test_set(true, true, "123");
	test_unnest();
	test_joins();
	clear_results();
	free(results);
	return tap_done();
}
