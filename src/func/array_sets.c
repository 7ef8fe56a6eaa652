// SPDX-License-Identifier: Apache-2.0
/* Arrays as sets: distinct elements, union, intersection, difference, similarity. */
#include "func/array_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* The arguments laid flat, and numbers for their elements. */
struct lists {
	uint32_t n;
	struct vector **flat;
	struct classes classes;
};

static void lists_close(struct lists *l)
{
	for (uint32_t k = 0; k < l->n; k++)
		vector_unref(l->flat[k]);
	classes_close(&l->classes);
}

static enum status lists_open(struct eval *e, const struct vector *const *args, uint32_t n, uint32_t count,
                              struct lists *l)
{
	const struct vector **items = ARENA_ARRAY(e->scratch, const struct vector *, n + 1);
	*l = (struct lists){.flat = ARENA_ARRAY(e->scratch, struct vector *, n + 1)};
	for (; l->n < n; l->n++) {
		enum status s = array_flat(e, args[l->n], count, &l->flat[l->n]);
		if (s != OK) {
			lists_close(l);
			return s;
		}
		items[l->n] = l->flat[l->n]->children[0];
	}
	enum status s = classes_open(e, items, n, &l->classes);
	if (s != OK)
		lists_close(l);
	return s;
}

static inline uint32_t id_of(const struct lists *l, uint32_t list, uint32_t element)
{
	return l->classes.ids[l->classes.starts[list] + element];
}

static inline bool is_null(const struct lists *l, uint32_t list, uint32_t element)
{
	return vector_is_null(l->flat[list]->children[0], element);
}

/* ---- one array ---- */

static enum status exec_distinct(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	struct lists l;
	TRY(lists_open(e, args, 1, count, &l));
	const uint32_t *at = array_offsets(l.flat[0]);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]), n = 0;
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = at[i]; k < at[i + 1]; k++)
			if (!is_null(&l, 0, k) && classes_first(&l.classes, id_of(&l, 0, k), i + 1))
				places[n++] = k;
		offsets[i + 1] = n;
	}
	enum status s = array_pick(c, e, offsets, count, l.flat[0]->children[0], places, out);
	lists_close(&l);
	return s;
}

static enum status bind_distinct(struct bind_env *env, struct call *c)
{
	c->result = type_array(env->arena, type_not_nullable(env->arena, c->arg_types[0]->children[0]));
	return OK;
}

/* Of several arrays side by side the tuples count: their numbers are joined from left to right. */
static enum status tuple_ids(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct elements *x, struct classes *made)
{
	TRY(elements_open(c, e, args, 0, count, x));
	struct vector *tuple = NULL;
	if (x->array_count == 1) {
		tuple = vector_ref(x->parts[0]);
	} else {
		const struct type **types = ARENA_ARRAY(e->scratch, const struct type *, x->array_count);
		for (uint32_t k = 0; k < x->array_count; k++)
			types[k] = x->parts[k]->type;
		enum status s = vector_new(e->track, type_tuple(e->scratch, types, NULL, x->array_count), x->total, &tuple, e->err);
		for (uint32_t k = 0; k < x->array_count && s == OK; k++)
			s = vector_flatten(e->track, x->parts[k], &tuple->children[k], e->err);
		if (s != OK) {
			vector_unref(tuple);
			elements_close(x);
			return s;
		}
	}
	const struct vector *items[1] = {tuple};
	enum status s = classes_open(e, items, 1, made);
	vector_unref(tuple);
	if (s != OK)
		elements_close(x);
	return s;
}

static enum status exec_enumerate(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	bool uniq = named(c, "arrayEnumerateUniq"), dense = named(c, "arrayEnumerateDense"), number = named(c, "arrayUniq");
	struct vector *child = NULL;
	struct elements x;
	struct classes k;
	TRY(tuple_ids(c, e, args, count, &x, &k));
	uint32_t *numbers = array_room(e, k.count);
	enum status s = number ? call_result(c, e, count, &child)
	                       : vector_new(e->track, c->result->children[0], x.total, &child, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t seen = 0, *to = child->data;
		for (uint32_t m = x.offsets[i]; m < x.offsets[i + 1]; m++) {
			uint32_t id = k.ids[m];
			if (classes_first(&k, id, i + 1))
				numbers[id] = ++seen;
			if (!number)
				to[m] = uniq ? k.counts[id] : dense ? numbers[id] : m - x.offsets[i] + 1;
		}
		if (number)
			to[i] = seen;
	}
	if (s == OK && number)
		*out = child;
	else if (s == OK)
		s = array_make(c, e, x.offsets, count, child, out);
	classes_close(&k);
	elements_close(&x);
	return s;
}

static enum status bind_enumerate(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
	if (named(c, "arrayEnumerate") && c->arg_count != 1)
		return call_bad_count(env, c, "1");
	return OK;
}

/* ---- several arrays ---- */

static enum status bind_arrays(struct bind_env *env, struct call *c)
{
	const struct type *common;
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
	TRY(call_common_type(env, c->arg_types, c->arg_count, &common));
	for (uint32_t i = 0; i < c->arg_count; i++)
		c->arg_types[i] = common;
	if (c->result == NULL)
		c->result = common;
	return OK;
}

/* Elements of any array, or of not all arrays; each once, NULL last. */
static enum status exec_union(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool symmetric = named(c, "arraySymmetricDifference");
	uint32_t n = c->arg_count, done = 0, *offsets = array_room(e, count + 1);
	struct lists l;
	TRY(lists_open(e, args, n, count, &l));
	struct classes *k = &l.classes;
	uint32_t *places = array_room(e, k->all->count), *list = array_room(e, k->count), *in = array_room(e, k->count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t start = done, null = UINT32_MAX, kept = done;
		for (uint32_t m = 0; m < n; m++) {
			const uint32_t *at = array_offsets(l.flat[m]);
			for (uint32_t x = at[i]; x < at[i + 1]; x++) {
				uint32_t id = id_of(&l, m, x);
				if (classes_first(k, id, i + 1)) {
					in[id] = 0;
					list[id] = UINT32_MAX;
					places[done++] = k->starts[m] + x;
				}
				in[id] += list[id] != m; /* once an array */
				list[id] = m;
			}
		}
		for (uint32_t x = start; x < done; x++) {
			if (symmetric && in[k->ids[places[x]]] == n)
				continue;
			if (vector_is_null(k->all, places[x]))
				null = places[x];
			else
				places[kept++] = places[x];
		}
		if (null != UINT32_MAX)
			places[kept++] = null;
		offsets[i + 1] = done = kept;
	}
	enum status s = array_pick(c, e, offsets, count, k->all, places, out);
	lists_close(&l);
	return s;
}

/* Elements of the first array that all others have. */
static enum status exec_intersect(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	uint32_t n = c->arg_count, done = 0, *offsets = array_room(e, count + 1);
	const struct type *common = c->arg_types[0]->children[0];
	struct vector *picked = NULL, *narrow = NULL;
	struct lists l;
	TRY(lists_open(e, args, n, count, &l));
	struct classes *k = &l.classes;
	uint32_t *places = array_room(e, l.flat[0]->children[0]->count), *in = array_room(e, k->count);
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t m = n; m-- != 0;) {
			const uint32_t *at = array_offsets(l.flat[m]);
			for (uint32_t x = at[i]; x < at[i + 1]; x++) {
				uint32_t id = id_of(&l, m, x);
				if (classes_first(k, id, i + 1))
					in[id] = n - 1;
				if (in[id] != m)
					continue;
				/* it was in all arrays behind this one */
				if (m == 0)
					places[done++] = x;
				in[id] = m - 1;
			}
		}
		offsets[i + 1] = done;
	}
	enum status s = vector_gather(e->track, l.flat[0]->children[0], places, done, &picked, e->err);
	if (s == OK && done == 0)
		s = vector_empty(e->track, c->result->children[0], &narrow, e->err);
	else if (s == OK && !type_equal(common, c->result->children[0]))
		s = cast_vector(e, e->scratch, picked, c->result->children[0], CAST_CH, &narrow);
	if (s == OK)
		s = array_make(c, e, offsets, count, vector_ref(narrow != NULL ? narrow : picked), out);
	vector_unref(picked);
	vector_unref(narrow);
	lists_close(&l);
	return s;
}

/* The narrowest of the types, for what lies in all of them. */
static const struct type *narrowest(struct bind_env *env, const struct type *a, const struct type *b)
{
	const struct type *x = type_plain(env->arena, a), *y = type_plain(env->arena, b), *r = x;
	size_t wx = physical_size(type_physical(x)), wy = physical_size(type_physical(y));
	bool nothing = x->id == TYPE_NOTHING || y->id == TYPE_NOTHING, both_null = a->nullable && b->nullable;
	if (nothing) /* only NULL can be in both */
		r = (x->id == TYPE_NOTHING) != both_null ? x : y;
	else if (x->id == TYPE_ARRAY && y->id == TYPE_ARRAY)
		r = type_array(env->arena, narrowest(env, x->children[0], y->children[0]));
	else if (type_is_integer(x) && type_is_integer(y))
		r = wx != wy ? (wx < wy ? x : y) : type_is_signed(x) ? y : x;
	else if (type_is_integer(x) != type_is_integer(y) && type_is_number(x) && type_is_number(y))
		r = type_is_integer(x) ? x : y;
	else if (type_is_string(x) && type_is_string(y))
		r = x->id == TYPE_FIXEDSTRING ? x : y;
	else if (wx != 0 && wx != wy)
		r = wx < wy ? x : y;
	return a->nullable && b->nullable ? type_nullable(env->arena, r) : r;
}

static enum status bind_intersect(struct bind_env *env, struct call *c)
{
	const struct type *least = c->arg_types[0];
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
		least = type_array(env->arena, narrowest(env, least->children[0], c->arg_types[i]->children[0]));
	}
	c->result = least;
	return bind_arrays(env, c);
}

/* arrayExcept(a, b): the elements of a that b does not have, as often as they are there. */
static enum status exec_except(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	uint32_t done = 0, *offsets = array_room(e, count + 1);
	struct lists l;
	TRY(lists_open(e, args, 2, count, &l));
	const uint32_t *a = array_offsets(l.flat[0]), *b = array_offsets(l.flat[1]);
	uint32_t *places = array_room(e, a[count] - a[0]);
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = b[i]; k < b[i + 1]; k++)
			classes_first(&l.classes, id_of(&l, 1, k), i + 1);
		for (uint32_t k = a[i]; k < a[i + 1]; k++)
			if (l.classes.stamps[id_of(&l, 0, k)] != i + 1)
				places[done++] = k;
		offsets[i + 1] = done;
	}
	enum status s = array_pick(c, e, offsets, count, l.flat[0]->children[0], places, out);
	lists_close(&l);
	return s;
}

static enum status bind_except(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < 2; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
	const struct type *a = c->arg_types[0]->children[0], *b = c->arg_types[1]->children[0];
	if (b->id != TYPE_NOTHING && !type_equal(type_not_nullable(env->arena, a), type_not_nullable(env->arena, b)))
		return call_bad_type(env, c, 1);
	if (b->id == TYPE_NOTHING)
		c->arg_types[1] = type_array(env->arena, type_nullable(env->arena, a));
	c->result = c->arg_types[0];
	return OK;
}

/* hasAll, hasAny and PostgreSQL's operators. */
static enum status exec_has(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	bool any = named(c, "hasAny") || named(c, "&&"), swap = named(c, "<@"), pg = c->function->flags & FUNCTION_PG;
	const struct vector *pair[2] = {args[swap], args[!swap]};
	struct lists l;
	TRY(lists_open(e, pair, 2, count, &l));
	enum status s = call_result(c, e, count, out);
	const uint32_t *a = array_offsets(l.flat[0]), *b = array_offsets(l.flat[1]);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool hold = !any;
		for (uint32_t k = a[i]; k < a[i + 1]; k++)
			classes_first(&l.classes, id_of(&l, 0, k), i + 1);
		for (uint32_t k = b[i]; k < b[i + 1] && hold != any; k++)
			hold = l.classes.stamps[id_of(&l, 1, k)] == i + 1 && !(pg && is_null(&l, 1, k));
		((uint8_t *)(*out)->data)[i] = hold;
	}
	lists_close(&l);
	return s;
}

/* The size of the intersection over that of the union. */
static enum status exec_jaccard(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct lists l;
	TRY(lists_open(e, args, 2, count, &l));
	uint32_t *in_first = array_room(e, l.classes.count);
	enum status s = call_result(c, e, count, out);
	const uint32_t *a = array_offsets(l.flat[0]), *b = array_offsets(l.flat[1]);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		double both = 0, all = 0;
		for (uint32_t k = a[i]; k < a[i + 1]; k++) {
			uint32_t id = id_of(&l, 0, k);
			all += classes_first(&l.classes, id, i + 1);
			in_first[id] = i + 1;
		}
		for (uint32_t k = b[i]; k < b[i + 1]; k++) {
			uint32_t id = id_of(&l, 1, k);
			all += classes_first(&l.classes, id, i + 1);
			if (in_first[id] == i + 1) {
				both++;
				in_first[id] = 0;
			}
		}
		((double *)(*out)->data)[i] = both / all;
	}
	lists_close(&l);
	return s;
}

#define ROW(row_name, pattern, type, row_bind, row_exec, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_CH, pattern, type, row_bind, row_exec, text, sample, answer)

static const struct function rows[] = {
	ROW("arrayDistinct", "A", NULL, bind_distinct, exec_distinct, "Each element once, without NULL.",
	    "arrayDistinct([1, 2, 1])", "[1,2]"),
	ROW("arrayEnumerate", "A+", "Array(UInt32)", bind_enumerate, exec_enumerate, "The numbers 1 to length.",
	    "arrayEnumerate(['a', 'b'])", "[1,2]"),
	ROW("arrayEnumerateUniq", "A+", "Array(UInt32)", bind_enumerate, exec_enumerate,
	    "The how manieth of its kind each element is.", "arrayEnumerateUniq([5, 6, 5])", "[1,1,2]"),
	ROW("arrayEnumerateDense", "A+", "Array(UInt32)", bind_enumerate, exec_enumerate, "Equal elements by one number.",
	    "arrayEnumerateDense([5, 6, 5])", "[1,2,1]"),
	ROW("arrayUniq", "A+", "UInt32", bind_enumerate, exec_enumerate, "How many different elements.",
	    "arrayUniq([1, 2, 1])", "2"),
	ROW("arrayIntersect", "A+", NULL, bind_intersect, exec_intersect, "The elements that all arrays have.",
	    "arraySort(arrayIntersect([1, 2, 3], [2, 3, 4]))", "[2,3]"),
	ROW("arrayUnion", "A+", NULL, bind_arrays, exec_union, "The elements that some array has, each once.",
	    "arraySort(arrayUnion([1, 2], [2, 3]))", "[1,2,3]"),
	ROW("arraySymmetricDifference", "A+", NULL, bind_arrays, exec_union, "The elements that not all arrays have.",
	    "arraySort(arraySymmetricDifference([1, 2], [2, 3]))", "[1,3]"),
	ROW("arrayExcept", "AA", NULL, bind_except, exec_except, "The elements that the other array does not have.",
	    "arrayExcept([1, 2, 3], [2])", "[1,3]"),
	ROW("arrayJaccardIndex", "AA", "Float64", bind_arrays, exec_jaccard,
	    "The share of common elements among all different ones.", "arrayJaccardIndex([1, 2], [2, 3, 4])", "0.25"),
	ROW("hasAll", "AA", "UInt8", bind_arrays, exec_has, "Whether it has all of the others.",
	    "hasAll([1, 2, 3], [3, 1])", "1"),
	ROW("hasAny", "AA", "UInt8", bind_arrays, exec_has, "Whether it has one of the others.", "hasAny([1, 2], [5, 2])",
	    "1"),
	FUNCTION_ROW("@>", NULL, FUNCTION_PG, "AA", "Bool", bind_arrays, exec_has, "Whether it has all of the others.",
	             "ARRAY[1,2] @> ARRAY[1]", "t"),
	FUNCTION_ROW("<@", NULL, FUNCTION_PG, "AA", "Bool", bind_arrays, exec_has, "Whether the others have all of it.",
	             "ARRAY[1] <@ ARRAY[1,2]", "t"),
	FUNCTION_ROW("&&", NULL, FUNCTION_PG, "AA", "Bool", bind_arrays, exec_has, "Whether they have one in common.",
	             "ARRAY[1,2] && ARRAY[2]", "t"),
};

FUNCTION_FAMILY(array_sets, "Arrays as sets");
