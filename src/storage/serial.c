// SPDX-License-Identifier: Apache-2.0
/* The tree of a column and the names of its streams. */
#include "storage/serial.h"

#include <assert.h>
#include <stdio.h>
#include "storage/stream_name.h"

enum { DEPTH_MAX = 64, NO_STREAM = UINT32_MAX };

struct build {
	const struct layout_options *o;
	struct column_layout *layout;
	size_t capacity;
	struct error *err;
	bool nested_column;    /* "n.k": the outer lengths belong to n */
};

static uint32_t add_stream(struct build *b, struct str name, enum stream_kind kind, const struct type *type)
{
	struct column_layout *l = b->layout;
	size_t count = l->stream_count;
	struct stream_def def = {name, kind, type};
	ARENA_PUSH(b->o->arena, l->streams, count, b->capacity, def);
	l->stream_count = (uint32_t)count;
	return l->stream_count - 1;
}

static struct serial *add_node(struct build *b, enum serial_kind kind, const struct type *type, uint32_t child_count)
{
	struct serial *s = ARENA_NEW(b->o->arena, struct serial);
	s->kind = kind;
	s->type = type;
	s->node = b->layout->node_count++;
	s->stream = s->other = s->prefix = NO_STREAM;
	s->child_count = child_count;
	s->children = ARENA_ARRAY(b->o->arena, struct serial *, child_count);
	return s;
}

static struct str with_suffix(struct build *b, struct str base, const char *suffix)
{
	return arena_strf(b->o->arena, "%.*s%s", STR_ARG(base), suffix);
}

static enum serial_kind leaf_kind(const struct build *b, const struct type *t, unsigned depth)
{
	switch (t->id) {
	case TYPE_STRING:
		return b->o->classic_strings || (depth > 0 && b->o->classic_nested_strings) ? SERIAL_STRING_CLASSIC
		                                                                            : SERIAL_STRING_SIZED;
	case TYPE_FIXEDSTRING:
		return SERIAL_FIXED_STRING;
	case TYPE_IPV6:
		return SERIAL_IPV6;
	case TYPE_AGGSTATE:
		return SERIAL_STATE;
	default:
		return SERIAL_FIXED;
	}
}

static struct serial *leaf(struct build *b, enum serial_kind kind, const struct type *t)
{
	struct serial *s = add_node(b, kind, t, 0);
	s->width = (uint32_t)(t->id == TYPE_NOTHING ? 1 : type_disk_size(t));
	return s;
}

/* The streams of a member: x.Array%28UInt64%29. */
static struct str member_base(struct build *b, struct str base, const struct type *member)
{
	struct strbuf name;
	strbuf_init(&name, NULL);
	strbuf_puts(&name, base);
	strbuf_putz(&name, ".");
	stream_name_escape(&name, type_name(b->o->arena, member));
	struct str copy = arena_str(b->o->arena, strbuf_str(&name));
	strbuf_fini(&name);
	return copy;
}

static enum status build_tree(struct build *b, const struct type *t, struct str base, unsigned depth,
                              const struct sparse_kind *sparse, struct serial **out);

static enum status build_variant(struct build *b, const struct type *t, struct str base, unsigned depth,
                                 struct serial **out)
{
	struct serial *s = add_node(b, SERIAL_VARIANT, t, t->child_count - 1);
	if (b->o->compact)
		s->prefix = add_stream(b, with_suffix(b, base, ".variant_discr_prefix"), STREAM_CODES, t);
	else
		s->stream = add_stream(b, with_suffix(b, base, ".variant_discr"), STREAM_CODES, t);
	*out = s;
	for (uint32_t m = 1; m < t->child_count; m++)
		TRY(build_tree(b, t->children[m], member_base(b, base, t->children[m]), depth + 1, NULL, &s->children[m - 1]));
	return OK;
}

/*
 * First walk: nodes, and the streams that are touched before any value, as ClickHouse numbers streams by first touch.
 * `base` is the name that the streams of this place begin with.
 */
static enum status build_tree(struct build *b, const struct type *t, struct str base, unsigned depth,
                              const struct sparse_kind *sparse, struct serial **out)
{
	struct arena *a = b->o->arena;
	if (depth > DEPTH_MAX)
		return ERR(b->err, E_LIMIT_EXCEEDED, "the type of column %.*s is nested too deep", STR_ARG(b->layout->name));
	if (t->low_cardinality) {
		const struct type *key = type_plain(a, t);
		struct serial *s = add_node(b, SERIAL_DICT, t, 1);
		s->children[0] = leaf(b, key->id == TYPE_STRING ? SERIAL_STRING_CLASSIC : leaf_kind(b, key, depth), key);
		if (b->o->compact)
			s->prefix = add_stream(b, with_suffix(b, base, ".dict_prefix"), STREAM_DICT_PREFIX, key);
		else
			s->other = add_stream(b, with_suffix(b, base, ".dict"), STREAM_DICT, key);
		*out = s;
		return OK;
	}
	if (t->id == TYPE_VARIANT)
		return build_variant(b, t, base, depth, out);
	if (t->nullable) {
		struct serial *s = add_node(b, SERIAL_NULLABLE, t, 1);
		*out = s;
		return build_tree(b, type_not_nullable(a, t), base, depth, NULL, &s->children[0]);
	}
	if (t->id == TYPE_ARRAY) {
		struct serial *s = add_node(b, SERIAL_ARRAY, t, 1);
		*out = s;
		return build_tree(b, t->children[0], base, depth + 1, NULL, &s->children[0]);
	}
	if (t->id == TYPE_MAP) {
		struct serial *s = add_node(b, SERIAL_MAP, t, 2);
		*out = s;
		TRY(build_tree(b, t->children[0], with_suffix(b, base, "%2Ekeys"), depth + 1, NULL, &s->children[0]));
		return build_tree(b, t->children[1], with_suffix(b, base, "%2Evalues"), depth + 1, NULL, &s->children[1]);
	}
	if (t->id == TYPE_TUPLE) {
		struct serial *s = add_node(b, SERIAL_TUPLE, t, t->child_count);
		*out = s;
		for (uint32_t i = 0; i < t->child_count; i++) {
			struct strbuf name;
			strbuf_init(&name, NULL);
			strbuf_puts(&name, base);
			strbuf_putz(&name, "%2E");
			if (t->names != NULL)
				stream_name_escape(&name, t->names[i]);
			else
				strbuf_put_u64(&name, i + 1);
			struct str copy = arena_str(a, strbuf_str(&name));
			strbuf_fini(&name);
			const struct sparse_kind *k = sparse != NULL && i < sparse->child_count ? sparse->children[i] : NULL;
			TRY(build_tree(b, t->children[i], copy, depth + 1, k, &s->children[i]));
		}
		return OK;
	}
	struct serial *s = leaf(b, leaf_kind(b, t, depth), t);
	if (s->kind == SERIAL_STATE) {
		struct bind_env env = {.arena = a, .session = b->o->session, .err = b->err};
		struct aggregator *g;
		TRY(aggregate_of_type(&env, t, &g));
		s->aggregator = g;
	}
	if (s->kind == SERIAL_FIXED && s->width == 0)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: storing columns of type %.*s",
		           STR_ARG(type_name(a, t)));
	*out = s;
	if (sparse != NULL && sparse->sparse) {
		*out = add_node(b, SERIAL_SPARSE, t, 1);
		(*out)->children[0] = s;
	}
	return OK;
}

/* Second walk: the streams of the values. `level` counts arrays around. */
static void name_streams(struct build *b, struct serial *s, struct str base, unsigned level, unsigned path)
{
	const struct type *t = s->type;
	char suffix[24];
	switch (s->kind) {
	case SERIAL_NULLABLE:
		s->stream = add_stream(b, with_suffix(b, base, ".null"), STREAM_NULLS, t);
		name_streams(b, s->children[0], base, level, path + 1);
		return;
	case SERIAL_SPARSE:
		s->stream = add_stream(b, with_suffix(b, base, ".sparse.idx"), STREAM_SPARSE, t);
		name_streams(b, s->children[0], base, level, path + 1);
		return;
	case SERIAL_ARRAY:
	case SERIAL_MAP: {
		struct str owner = base;
		ptrdiff_t dot = str_find_char(b->layout->name, '.');
		if (path == 0 && s->kind == SERIAL_ARRAY && dot > 0) {
			struct strbuf name;
			strbuf_init(&name, NULL);
			stream_name_escape(&name, (struct str){b->layout->name.data, (size_t)dot});
			owner = arena_str(b->o->arena, strbuf_str(&name));
			strbuf_fini(&name);
		}
		snprintf(suffix, sizeof suffix, ".size%u", level);
		s->stream = add_stream(b, with_suffix(b, owner, suffix), STREAM_SIZES, t);
		if (s->kind == SERIAL_ARRAY) {
			name_streams(b, s->children[0], base, level + 1, path + 1);
		} else {
			name_streams(b, s->children[0], with_suffix(b, base, "%2Ekeys"), level + 1, path + 1);
			name_streams(b, s->children[1], with_suffix(b, base, "%2Evalues"), level + 1, path + 1);
		}
		return;
	}
	case SERIAL_TUPLE:
		for (uint32_t i = 0; i < s->child_count; i++) {
			struct strbuf name;
			strbuf_init(&name, NULL);
			strbuf_puts(&name, base);
			strbuf_putz(&name, "%2E");
			if (t->names != NULL)
				stream_name_escape(&name, t->names[i]);
			else
				strbuf_put_u64(&name, i + 1);
			struct str copy = arena_str(b->o->arena, strbuf_str(&name));
			strbuf_fini(&name);
			name_streams(b, s->children[i], copy, level, path + 1);
		}
		return;
	case SERIAL_VARIANT:
		if (b->o->compact)
			s->stream = add_stream(b, with_suffix(b, base, ".variant_discr"), STREAM_CODES, t);
		for (uint32_t m = 0; m < s->child_count; m++)
			name_streams(b, s->children[m], member_base(b, base, s->children[m]->type), level, path + 1);
		return;
	case SERIAL_DICT:
		if (b->o->compact)
			s->other = add_stream(b, with_suffix(b, base, ".dict"), STREAM_DICT, t);
		s->stream = add_stream(b, base, STREAM_INDEXES, t);
		return;
	case SERIAL_STRING_SIZED:
		s->other = add_stream(b, with_suffix(b, base, ".size"), STREAM_STRING_SIZES, t);
		s->stream = add_stream(b, base, STREAM_VALUES, t);
		return;
	default:
		s->stream = add_stream(b, base, STREAM_VALUES, t);
	}
}

enum status column_layout_new(const struct layout_options *o, struct str name, const struct type *type,
                              const struct sparse_kind *sparse, struct column_layout **out, struct error *err)
{
	struct column_layout *l = ARENA_NEW(o->arena, struct column_layout);
	l->name = arena_str(o->arena, name);
	l->type = type;
	l->compact = o->compact;
	struct strbuf escaped;
	strbuf_init(&escaped, NULL);
	stream_name_escape(&escaped, name);
	struct str base = arena_str(o->arena, strbuf_str(&escaped));
	strbuf_fini(&escaped);
	struct build b = {.o = o, .layout = l, .err = err};
	TRY(build_tree(&b, type, base, 0, sparse, &l->root));
	name_streams(&b, l->root, base, 0, 0);
	*out = l;
	return OK;
}

bool type_may_be_sparse(const struct type *t)
{
	if (t->nullable || t->low_cardinality)
		return false;
	switch (t->id) {
	case TYPE_ARRAY:
	case TYPE_TUPLE:
	case TYPE_MAP:
	case TYPE_VARIANT:
	case TYPE_AGGSTATE:
	case TYPE_NOTHING:
		return false;
	default:
		return t->simple_aggregate.size == 0;
	}
}

struct codec_value type_codec_value(const struct type *t)
{
	static const uint8_t kinds[TYPE_COUNT] = {
		[TYPE_BOOL] = CODEC_VALUE_UINT, [TYPE_INT8] = CODEC_VALUE_INT, [TYPE_INT16] = CODEC_VALUE_INT,
		[TYPE_INT32] = CODEC_VALUE_INT, [TYPE_INT64] = CODEC_VALUE_INT, [TYPE_UINT8] = CODEC_VALUE_UINT,
		[TYPE_UINT16] = CODEC_VALUE_UINT, [TYPE_UINT32] = CODEC_VALUE_UINT, [TYPE_UINT64] = CODEC_VALUE_UINT,
		[TYPE_FLOAT32] = CODEC_VALUE_FLOAT, [TYPE_FLOAT64] = CODEC_VALUE_FLOAT, [TYPE_DATE] = CODEC_VALUE_DATE,
		[TYPE_DATE32] = CODEC_VALUE_DATE32, [TYPE_DATETIME] = CODEC_VALUE_DATETIME,
		[TYPE_DATETIME64] = CODEC_VALUE_DATETIME64, [TYPE_ENUM8] = CODEC_VALUE_ENUM, [TYPE_ENUM16] = CODEC_VALUE_ENUM,
		[TYPE_DECIMAL32] = CODEC_VALUE_DECIMAL, [TYPE_DECIMAL64] = CODEC_VALUE_DECIMAL,
		[TYPE_DECIMAL128] = CODEC_VALUE_DECIMAL, [TYPE_DECIMAL256] = CODEC_VALUE_DECIMAL,
		[TYPE_IPV4] = CODEC_VALUE_IPV4, [TYPE_TIME] = CODEC_VALUE_TIME, [TYPE_TIME64] = CODEC_VALUE_TIME64,
	};
	while (t->id == TYPE_ARRAY)
		t = t->children[0];
	size_t width = t->low_cardinality || type_physical(t) == PHYS_TUPLE || t->id == TYPE_MAP ? 0 : type_disk_size(t);
	return (struct codec_value){(enum codec_value_kind)kinds[t->id], (uint8_t)(width > 255 ? 0 : width)};
}

static bool zero_bytes(const uint8_t *p, size_t n)
{
	uint8_t any = 0;
	for (size_t i = 0; i < n; i++)
		any |= p[i];
	return any == 0;
}

static uint64_t count_zero_fixed(const void *data, size_t width, uint32_t count)
{
	uint64_t n = 0;
	const uint8_t *p = data;
#define COUNT_CASE(w, T)                                  \
	case w:                                               \
		for (uint32_t i = 0; i < count; i++) {            \
			T x;                                          \
			memcpy(&x, p + (size_t)i * (w), sizeof x);    \
			n += x == 0;                                  \
		}                                                 \
		return n;
	switch (width) {
		COUNT_CASE(1, uint8_t)
		COUNT_CASE(2, uint16_t)
		COUNT_CASE(4, uint32_t)
		COUNT_CASE(8, uint64_t)
	default:
		for (uint32_t i = 0; i < count; i++)
			n += zero_bytes(p + (size_t)i * width, width);
		return n;
	}
#undef COUNT_CASE
}

uint64_t vector_count_defaults(const struct vector *v)
{
	const struct type *t = v->type;
	if (!type_may_be_sparse(t))
		return 0;
	if (v->form == VECTOR_DICT) {
		uint64_t n = 0;
		const uint32_t *index = v->data;
		for (uint32_t i = 0; i < v->count; i++) {
			const uint8_t *at = (const uint8_t *)v->children[0]->data;
			size_t width = physical_size(type_physical(t));
			if (type_physical(t) == PHYS_STR)
				n += ((const struct strview *)at)[index[i]].size == 0;
			else
				n += zero_bytes(at + index[i] * width, width);
		}
		return n;
	}
	uint32_t stored = v->form == VECTOR_CONST ? 1 : v->count;
	uint64_t n = 0;
	if (type_physical(t) == PHYS_STR) {
		const struct strview *s = v->data;
		for (uint32_t i = 0; i < stored; i++)
			n += t->id == TYPE_FIXEDSTRING ? zero_bytes((const uint8_t *)strview_data(&s[i]), s[i].size) : s[i].size == 0;
	} else {
		n = count_zero_fixed(v->data, physical_size(type_physical(t)), stored);
	}
	return v->form == VECTOR_CONST ? n * v->count : n;
}
