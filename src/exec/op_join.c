// SPDX-License-Identifier: Apache-2.0
/* The build side of a hash join, and the construction of all three operators. */
#include "exec/op_join_impl.h"

#include <assert.h>

enum status join_keys(const struct join *j, const struct program *p, struct worker *w, struct batch *in,
                      struct vector **out)
{
	TRY(program_run(p, &w->eval, in->columns, w->query->slots, in->count, out));
	enum status s = OK;
	for (uint32_t i = 0; i < j->key_count && s == OK; i++)
		s = op_retype(w, &out[i], j->layout.types[i]); /* one side may be Nullable */
	for (uint32_t i = 0; i < j->key_count + (j->asof != 0) && s != OK; i++) {
		vector_unref(out[i]);
		out[i] = NULL;
	}
	return s;
}

uint32_t join_keyed_rows(const struct join *j, struct vector *const *keys, uint32_t count, uint32_t *picks)
{
	uint32_t n = count;
	for (uint32_t i = 0; i < count; i++)
		picks[i] = i;
	for (uint32_t k = 0; k < j->key_count; k++) {
		bool safe = j->plan->u.join.null_safe != NULL && j->plan->u.join.null_safe[k];
		if (safe || !vector_has_nulls(keys[k]))
			continue;
		uint32_t m = 0;
		for (uint32_t i = 0; i < n; i++)
			if (!vector_is_null(keys[k], picks[i]))
				picks[m++] = picks[i];
		n = m;
	}
	return n;
}

static enum status build_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct join *j = ((struct join_operator *)o)->join;
	struct batch *b;
	uint32_t n = j->right_columns;
	enum status s = batch_new(n + j->key_count + (j->asof != 0), &b, &w->err);
	if (s == OK) {
		b->count = in->count;
		for (uint32_t c = 0; c < n; c++)
			b->columns[c] = vector_ref(in->columns[c]);
		/* the keys, and the value that an ASOF join compares */
		s = join_keys(j, j->right_program, w, in, &b->columns[n]);
		if (s == OK)
			s = op_compact(w, b);
		if (s != OK)
			batch_free(b);
	}
	batch_free(in);
	TRY(s);
	if (unlikely(atomic_load_explicit(&j->before, memory_order_relaxed) < 0))
		atomic_store(&j->before, memtrack_used(&w->query->track));
	TRY(op_batches_add(&j->build[w->number].batches, b, &w->err));
	return j->can_spill ? join_spill_build(j, w) : OK;
}

/* ---- finishing ---- */

/* The row that stands for no match. */
static enum status blank_row(struct worker *w, const struct type *t, struct vector **out)
{
	struct vector *one;
	if (t->id == TYPE_NOTHING || t->nullable)
		TRY(vector_null_constant(w->eval.track, t, 1, &one, &w->err));
	else
		TRY(vector_default_constant(w->eval.track, t, 1, &one, &w->err));
	enum status s = vector_flatten(w->eval.track, one, out, &w->err);
	vector_unref(one);
	return s;
}

/* A column that stands in one piece is not needed twice. */
static void drop_column(const struct op_batches *l, uint32_t c)
{
	for (uint32_t i = 0; i < l->count; i++) {
		vector_unref(l->items[i]->columns[c]);
		l->items[i]->columns[c] = NULL;
	}
}

static enum status join_columns(struct join *j, struct join_table *t, struct worker *w,
                                const struct op_batches *const *lists, unsigned list_count)
{
	uint64_t rows = 0;
	for (unsigned i = 0; i < list_count; i++)
		rows += lists[i]->rows;
	if (rows >= UINT32_MAX - 1)
		return ERR(&w->err, E_TOO_MANY_ROWS, "not supported yet: joining with %llu rows", (unsigned long long)rows);
	t->right_count = (uint32_t)rows;
	for (uint32_t c = 0; c < j->right_columns; c++) {
		struct vector *blank;
		TRY(blank_row(w, j->build_types[c], &blank));
		enum status s = op_batches_concat(w, lists, list_count, c, j->build_types[c], blank, &t->right[c]);
		vector_unref(blank);
		TRY(s);
		TRY(op_retype(w, &t->right[c], j->build_types[c]));
		for (unsigned i = 0; i < list_count; i++)
			drop_column(lists[i], c);
	}
	return OK;
}

/* Puts a batch's rows, which begin at `base` among the right rows, into the lists of their keys. */
static enum status insert_batch(struct join *j, struct join_table *t, struct worker *w, struct group_keys *k,
                                struct vector *const *keys, uint32_t count, uint32_t base)
{
	uint32_t *picks = ARENA_RAW(&w->scratch, uint32_t, count + 1), fresh_count;
	char **rows = ARENA_ARRAY(&w->scratch, char *, count + 1), **fresh = ARENA_ARRAY(&w->scratch, char *, count + 1);
	uint32_t n = join_keyed_rows(j, keys, count, picks);
	t->null_keys |= n != count;
	TRY(group_keys_set(k, &w->eval, keys, count));
	TRY(group_table_insert(&t->groups, k, picks, n, UINT64_MAX, rows, fresh, &fresh_count, &w->err));
	for (uint32_t i = 0; i < fresh_count; i++)
		*(struct join_list *)group_payload(&j->layout, fresh[i]) = (struct join_list){NO_ROW, NO_ROW};
	for (uint32_t i = 0; i < n; i++) {
		struct join_list *l = group_payload(&j->layout, rows[i]);
		uint32_t row = base + picks[i];
		if (l->first == NO_ROW)
			l->first = row;
		else
			t->next[l->last] = row;
		l->last = row;
	}
	return OK;
}

static enum status build_groups(struct join *j, struct join_table *t, struct worker *w,
                                const struct op_batches *const *lists, unsigned list_count)
{
	struct group_keys k;
	uint32_t base = 0;
	enum status s = OK;
	group_keys_init(&k, &j->layout, w->eval.track);
	struct arena outer = w->scratch;
	for (unsigned i = 0; i < list_count && s == OK; i++) {
		const struct op_batches *list = lists[i];
		for (uint32_t b = 0; b < list->count && s == OK; b++) {
			struct batch *in = list->items[b];
			arena_init(&w->scratch, outer.track);
			s = query_check(w->query, &w->err);
			if (s == OK)
				s = insert_batch(j, t, w, &k, &in->columns[j->right_columns], in->count, base);
			arena_fini(&w->scratch);
			base += in->count;
		}
	}
	w->scratch = outer;
	group_keys_fini(&k);
	return s;
}

/* ---- ASOF ---- */

/* Rows of one key in the order of their ASOF values: merges the halves of rows[0..n). */
static void sort_asof(const struct vector *v, uint32_t *rows, uint32_t n, uint32_t *tmp)
{
	uint32_t half = n / 2, a = 0, b = half, at = 0;
	if (n < 2)
		return;
	sort_asof(v, rows, half, tmp);
	sort_asof(v, rows + half, n - half, tmp);
	while (a < half || b < n)
		tmp[at++] = b == n || (a < half && vector_compare_rows(v, rows[a], v, rows[b]) <= 0) ? rows[a++] : rows[b++];
	memcpy(rows, tmp, n * sizeof *rows);
}

/* Each key's list becomes a range [first, last) of asof_rows. */
static enum status sort_lists(struct join *j, struct join_table *t, struct worker *w,
                              const struct op_batches *const *lists, unsigned list_count)
{
	enum { ROWS = 1024 };
	char *groups[ROWS];
	uint32_t at = 0, n;
	const struct type *type = j->plan->u.join.asof_right->type;
	TRY(op_batches_concat(w, lists, list_count, j->right_columns + j->key_count, type, NULL, &t->asof_right));
	t->asof_rows = ARENA_ARRAY(&t->arena, uint32_t, t->right_count + 1);
	uint32_t *tmp = ARENA_ARRAY(&w->scratch, uint32_t, t->right_count + 1);
	for (unsigned p = 0; p < t->groups.part_count; p++) {
		struct group_cursor cursor = {t->groups.parts[p].first, 0};
		while ((n = group_part_rows(&t->groups, &cursor, groups, ROWS)) != 0)
			for (uint32_t g = 0; g < n; g++) {
				struct join_list *l = group_payload(&j->layout, groups[g]);
				uint32_t from = at;
				for (uint32_t r = l->first; r != NO_ROW; r = t->next[r])
					if (!vector_is_null(t->asof_right, r))
						t->asof_rows[at++] = r;
				sort_asof(t->asof_right, t->asof_rows + from, at - from, tmp);
				l->first = from;
				l->last = at;
			}
	}
	return OK;
}

enum status join_table_build(struct join *j, struct join_table *t, struct worker *w,
                             const struct op_batches *const *lists, unsigned list_count)
{
	TRY(join_columns(j, t, w, lists, list_count));
	size_t next = j->keyed ? ((size_t)t->right_count + 1) * sizeof *t->next : 0;
	size_t matched = j->keep_right ? (size_t)t->right_count + 1 : 0;
	TRY(memtrack_charge(&j->query->track, (int64_t)(next + matched), &w->err));
	t->next_bytes = next + matched;
	if (next != 0) {
		t->next = malloc(next);
		if (t->next == NULL)
			return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate the table of a join");
		memset(t->next, 0xff, next);
	}
	if (matched != 0) {
		t->matched = calloc(matched, 1);
		if (t->matched == NULL)
			return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate the table of a join");
	}
	if (j->keyed)
		TRY(build_groups(j, t, w, lists, list_count));
	if (j->asof != 0)
		TRY(sort_lists(j, t, w, lists, list_count));
	t->built = true;
	return OK;
}

static enum status build_drain(struct operator *o, struct worker *w)
{
	struct join *j = ((struct join_operator *)o)->join;
	return atomic_load(&j->spilled) ? join_spill_build(j, w) : OK;
}

static enum status build_finish(struct operator *o, struct worker *w)
{
	struct join *j = ((struct join_operator *)o)->join;
	if (j->can_spill)
		TRY(join_spill_built(j, w));
	const struct op_batches **lists = ARENA_ARRAY(&w->scratch, const struct op_batches *, j->threads);
	for (unsigned i = 0; i < j->threads; i++)
		lists[i] = &j->build[i].batches;
	TRY(join_table_build(j, &j->table, w, lists, j->threads));
	for (unsigned i = 0; i < j->threads; i++)
		op_batches_free(&j->build[i].batches);
	return OK;
}

void join_table_init(struct join_table *t, const struct join *j)
{
	memset(t, 0, sizeof *t);
	arena_init(&t->arena, &j->query->track);
	t->right_columns = j->right_columns;
	t->right = ARENA_ARRAY(&t->arena, struct vector *, j->right_columns + 1);
	group_table_init(&t->groups, &j->layout, &j->query->track);
}

void join_table_fini(struct join_table *t, const struct join *j)
{
	for (uint32_t c = 0; t->right != NULL && c < t->right_columns; c++)
		vector_unref(t->right[c]);
	vector_unref(t->asof_right);
	group_table_fini(&t->groups);
	free(t->next);
	free((void *)(uintptr_t)t->matched);
	memtrack_release(&j->query->track, (int64_t)t->next_bytes);
	arena_fini(&t->arena);
	memset(t, 0, sizeof *t);
}

void join_release(struct join *j)
{
	if (j == NULL || --j->references != 0)
		return;
	join_spill_free(j);
	for (unsigned i = 0; i < j->threads; i++) {
		if (j->build != NULL)
			op_batches_free(&j->build[i].batches);
		if (j->probe != NULL)
			group_keys_fini(&j->probe[i].keys);
	}
	join_table_fini(&j->table, j);
	free(j->build);
	free(j->probe);
	arena_fini(&j->arena);
	free(j);
}

static void build_free(struct operator *o)
{
	join_release(((struct join_operator *)o)->join);
	free(o);
}

static const struct operator_ops join_build_ops = {
	.name = "FillingRightJoinSide", .push = build_push, .drain = build_drain, .finish = build_finish, .free = build_free,
};

/* ---- construction ---- */

static void layout_of_keys(struct join *j, bool pg)
{
	const struct plan *p = j->plan;
	const struct type **types = ARENA_ARRAY(&j->arena, const struct type *, j->key_count + 1);
	for (uint32_t i = 0; i < j->key_count; i++) {
		const struct type *l = p->u.join.left_keys[i]->type, *r = p->u.join.right_keys[i]->type;
		types[i] = l->nullable || !r->nullable ? l : r;
		types[i] = type_low_cardinality(&j->arena, types[i], false);
	}
	group_layout_init(&j->layout, &j->arena, types, j->key_count, sizeof(struct join_list), pg);
}

/* The keys, and behind them the value that an ASOF join compares. */
static enum status compile_keys(struct join *j, struct query *q, struct expr **keys, struct expr *asof,
                                struct program **out)
{
	struct expr **all = ARENA_ARRAY(&j->arena, struct expr *, j->key_count + 1);
	for (uint32_t i = 0; i < j->key_count; i++)
		all[i] = keys[i];
	all[j->key_count] = asof;
	return program_compile(&j->arena, all, j->key_count + (j->asof != 0), out, &q->err);
}

static enum status make(struct join *j, struct query *q, const struct plan *p)
{
	enum plan_join_kind kind = p->u.join.kind;
	j->kind = kind;
	j->any = p->u.join.any;
	j->once = p->u.join.once;
	j->single = p->u.join.single;
	j->asof = p->u.join.asof;
	j->key_count = p->u.join.key_count;
	j->keyed = j->key_count != 0;
	j->keep_left = kind == PLAN_JOIN_LEFT || kind == PLAN_JOIN_FULL;
	j->keep_right = kind == PLAN_JOIN_RIGHT || kind == PLAN_JOIN_FULL;
	j->left_only = kind == PLAN_JOIN_SEMI || kind == PLAN_JOIN_ANTI || kind == PLAN_JOIN_MARK;
	j->left_columns = p->inputs[0]->column_count;
	j->right_columns = p->inputs[1]->column_count;
	j->build_types = ARENA_ARRAY(&j->arena, const struct type *, j->right_columns + 1);
	for (uint32_t c = 0; c < j->right_columns; c++)
		j->build_types[c] = j->left_only ? p->inputs[1]->types[c] : p->types[j->left_columns + c];
	layout_of_keys(j, q->session->dialect == DIALECT_POSTGRESQL);
	join_table_init(&j->table, j);
	j->can_spill = j->keyed && spill_allowed(q, SPILL_JOIN);
	j->spill_types = ARENA_ARRAY(&j->arena, const struct type *, j->right_columns + j->key_count + 1);
	memcpy(j->spill_types, j->build_types, j->right_columns * sizeof *j->spill_types);
	for (uint32_t k = 0; k < j->key_count; k++)
		j->spill_types[j->right_columns + k] = j->layout.types[k];
	if (j->asof != 0)
		j->spill_types[j->right_columns + j->key_count] = p->u.join.asof_right->type;
	j->build = calloc(j->threads, sizeof *j->build);
	j->probe = calloc(j->threads, sizeof *j->probe);
	if (j->build == NULL || j->probe == NULL)
		return ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate a join");
	for (unsigned i = 0; i < j->threads; i++) {
		spill_buffers_init(&j->build[i].buffers);
		spill_buffers_init(&j->probe[i].buffers);
		group_keys_init(&j->probe[i].keys, &j->layout, &q->track);
	}
	TRY(compile_keys(j, q, p->u.join.left_keys, p->u.join.asof_left, &j->left_program));
	TRY(compile_keys(j, q, p->u.join.right_keys, p->u.join.asof_right, &j->right_program));
	struct expr *residual = p->u.join.residual;
	return residual == NULL ? OK : program_compile(&j->arena, &residual, 1, &j->residual, &q->err);
}

static enum status new_part(struct query *q, struct join *j, const struct operator_ops *ops, struct operator **out)
{
	struct join_operator *o;
	TRY(op_new(q, sizeof *o, ops, j->plan, &o));
	o->join = j;
	j->references++;
	*out = &o->base;
	return OK;
}

enum status join_operators_new(struct query *q, const struct plan *p, unsigned threads, struct operator **build,
                               struct operator **probe, struct operator **rest, struct operator **part_source,
                               struct operator **part_probe)
{
	struct join *j = calloc(1, sizeof *j);
	*build = *probe = *rest = *part_source = *part_probe = NULL;
	if (j == NULL)
		return ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate a join");
	arena_init(&j->arena, &q->track);
	j->plan = p;
	j->query = q;
	pthread_mutex_init(&j->lock, NULL);
	spill_list_init(&j->parts);
	atomic_store(&j->before, -1);
	j->threads = threads == 0 ? 1 : threads;
	j->references = 1;
	enum status s = make(j, q, p);
	if (s == OK)
		s = new_part(q, j, &join_build_ops, build);
	if (s == OK)
		s = new_part(q, j, &join_probe_ops, probe);
	if (s == OK && j->keep_right)
		s = new_part(q, j, &join_rest_ops, rest);
	if (s == OK && j->can_spill)
		s = new_part(q, j, &join_part_source_ops, part_source);
	if (s == OK && j->can_spill)
		s = new_part(q, j, &join_part_probe_ops, part_probe);
	if (s != OK) {
		struct operator *made[] = {*build, *probe, *rest, *part_source, *part_probe};
		for (unsigned i = 0; i < ARRAY_COUNT(made); i++)
			if (made[i] != NULL)
				made[i]->ops->free(made[i]);
		*build = *probe = *rest = *part_source = *part_probe = NULL;
	}
	join_release(j); /* the operators hold it */
	return s;
}
