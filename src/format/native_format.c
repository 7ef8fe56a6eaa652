// SPDX-License-Identifier: Apache-2.0
/*
 * Native: blocks of columns. A block is [BlockInfo, from revision 1] column count, row count, and per column name,
 * type, [0, from revision 54454], the prefixes of its serialisations, its data.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "column/variant.h"
#include "format/binary_impl.h"
#include "format/cell_fast.h"

enum { NATIVE_COLUMNS_MAX = 100000 };
enum { VARIANT_BASIC = 0 }; /* every row has its code */
enum { LC_VERSION = 1, LC_ADDITIONAL_KEYS = 0x200, LC_UPDATE_DICTIONARY = 0x400, LC_GLOBAL_DICTIONARY = 0x100 };

/* ---- writing ---- */

struct native_out {
	struct strbuf *to;
	struct memtrack *track;
	bool low_cardinality;
};

static bool is_low_cardinality(const struct native_out *o, const struct type *t)
{
	return t->low_cardinality && o->low_cardinality;
}

static void put_prefix(const struct native_out *o, const struct type *t)
{
	if (is_low_cardinality(o, t))
		strbuf_put_le(o->to, LC_VERSION, 8);
	if (t->id == TYPE_VARIANT)
		strbuf_put_le(o->to, VARIANT_BASIC, 8);
	for (uint32_t k = 0; k < t->child_count && t->id != TYPE_AGGSTATE; k++)
		put_prefix(o, t->children[k]);
}

static enum status put_data(const struct native_out *o, const struct vector *v, struct error *err);

static void put_strings(struct strbuf *to, const struct vector *v)
{
	const struct strview *s = v->data;
	for (uint32_t i = 0; i < v->count; i++) {
		bool null = v->nulls != NULL && bit_get(v->nulls, i);
		binary_put_string(to, v->type, null ? str_make("", 0) : strview_str(&s[i]));
	}
}

static void put_fixed(struct strbuf *to, const struct vector *v)
{
	size_t width = physical_size(type_physical(v->type));
	const uint8_t *data = v->data;
	if (type_physical(v->type) == PHYS_NONE) {
		for (uint32_t i = 0; i < v->count; i++)
			strbuf_putc(to, '0');
		return;
	}
	if (!strbuf_reserve(to, width * v->count))
		return;
	char *out = to->data + to->size;
	if (v->type->id == TYPE_IPV6) {
		for (uint32_t i = 0; i < v->count; i++)
			for (unsigned b = 0; b < 16; b++)
				out[i * 16 + b] = (char)data[i * 16 + 15 - b];
	} else {
		memcpy(out, data, width * v->count);
	}
	/* what stands under a NULL is not for others to see */
	for (uint32_t i = 0; v->nulls != NULL && i < v->count; i++)
		if (bit_get(v->nulls, i))
			memset(out + i * width, 0, width);
	to->size += width * v->count;
}

static enum status put_elements(const struct native_out *o, const struct vector *v, struct error *err)
{
	const uint32_t *offsets = v->data;
	for (uint32_t i = 0; i < v->count; i++)
		strbuf_put_le(o->to, offsets[i + 1] - offsets[0], 8);
	for (uint32_t k = 0; k < v->child_count; k++) {
		struct vector *part;
		TRY(vector_slice(o->track, v->children[k], offsets[0], offsets[v->count] - offsets[0], &part, err));
		enum status status = put_data(o, part, err);
		vector_unref(part);
		TRY(status);
	}
	return OK;
}

/*
 * Keys and indexes. Key 0 is the default, under Nullable the NULL and key 1 the default, which costs a slot but is what
 * readers expect. The vector's own dictionary is taken as it is when it is small; it may hold values twice.
 */
static enum status put_low_cardinality(const struct native_out *o, const struct vector *v, struct error *err)
{
	struct type plain = *v->type;
	struct vector *keys = NULL, *flat = NULL;
	struct builder *b = NULL;
	struct buffer *codes = NULL;
	enum status status = OK;
	plain.nullable = plain.low_cardinality = false;
	uint32_t first = v->type->nullable ? 2 : 1;
	const struct vector *entries = v->form == VECTOR_DICT ? v->children[0] : v;
	uint32_t entry_count = v->form == VECTOR_CONST ? 1 : entries->count;
	if (v->count == 0)
		return OK;
	/* entry -> key */
	status = builder_new(o->track, &plain, &b, err);
	if (status == OK)
		status = buffer_new(o->track, ((size_t)entry_count + 1) * 4 + (size_t)v->count * 4, &codes, err);
	for (uint32_t i = 0; i < first && status == OK; i++)
		status = builder_default(b, err);
	uint32_t *code = codes == NULL ? NULL : (uint32_t *)codes->data;
	size_t slots = round_up_pow2((uint64_t)entry_count * 2 + 16);
	uint32_t *table = status == OK ? calloc(slots, sizeof *table) : NULL;
	if (status == OK && table == NULL)
		status = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a dictionary");
	size_t width = physical_size(b == NULL ? PHYS_NONE : b->physical);
	for (uint32_t i = 0; i < entry_count && status == OK; i++) {
		if (entries->nulls != NULL && bit_get(entries->nulls, i)) {
			code[i] = 0;
			continue;
		}
		const char *at = (const char *)entries->data + i * width;
		struct str bytes = width == 16 && b->physical == PHYS_STR ? strview_str((const struct strview *)(const void *)at)
			: str_make(at, width);
		size_t slot = hash_bytes(bytes.data, bytes.size, 0) & (slots - 1);
		for (;; slot = (slot + 1) & (slots - 1)) {
			if (table[slot] == 0) {
				bool is_default = true;
				for (size_t k = 0; k < bytes.size; k++)
					is_default = is_default && bytes.data[k] == 0;
				code[i] = is_default && (b->physical != PHYS_STR || bytes.size == 0 || plain.id == TYPE_FIXEDSTRING) ? first - 1
					: b->count;
				if (code[i] == b->count)
					status = b->physical == PHYS_STR ? builder_string(b, bytes.data, bytes.size, err) : builder_fixed(b, at, err);
				table[slot] = i + 1;
				break;
			}
			uint32_t other = table[slot] - 1;
			const char *there = (const char *)entries->data + other * width;
			struct str seen = b->physical == PHYS_STR ? strview_str((const struct strview *)(const void *)there)
				: str_make(there, width);
			if (str_eq(seen, bytes)) {
				code[i] = code[other];
				break;
			}
		}
	}
	uint32_t key_count = b == NULL ? 0 : b->count;
	if (status == OK)
		status = builder_finish(b, &keys, err);
	if (status == OK) {
		unsigned kind = key_count <= 256 ? 0 : key_count <= 65536 ? 1 : 2, bytes = 1u << kind;
		strbuf_put_le(o->to, kind | LC_ADDITIONAL_KEYS | LC_UPDATE_DICTIONARY, 8);
		strbuf_put_le(o->to, key_count, 8);
		status = put_data(o, keys, err);
		strbuf_put_le(o->to, v->count, 8);
		const uint32_t *rows = v->data;
		for (uint32_t i = 0; i < v->count; i++)
			strbuf_put_le(o->to, code[v->form == VECTOR_DICT ? rows[i] : v->form == VECTOR_CONST ? 0 : i], bytes);
	}
	free(table);
	builder_free(b);
	buffer_unref(codes);
	vector_unref(keys);
	vector_unref(flat);
	return status;
}

static enum status put_variant(const struct native_out *o, const struct vector *v, struct error *err)
{
	struct vector *codes;
	TRY(variant_codes(o->track, v, &codes, err));
	for (uint32_t i = 0; i < v->count; i++)
		strbuf_putc(o->to, (char)(((const uint8_t *)codes->data)[i] - 1)); /* 0, NULL, becomes 255 */
	vector_unref(codes);
	for (uint32_t k = 1; k < v->child_count; k++) {
		struct vector *member;
		TRY(variant_member(o->track, v, k, &member, err));
		enum status status = put_data(o, member, err);
		vector_unref(member);
		TRY(status);
	}
	return OK;
}

static enum status put_data(const struct native_out *o, const struct vector *v, struct error *err)
{
	if (is_low_cardinality(o, v->type))
		return put_low_cardinality(o, v, err);
	struct vector *flat;
	TRY(vector_flatten(o->track, v, &flat, err));
	enum status status = OK;
	enum physical p = type_physical(flat->type);
	if (flat->type->nullable && flat->type->id != TYPE_VARIANT)
		for (uint32_t i = 0; i < flat->count; i++)
			strbuf_putc(o->to, flat->nulls != NULL && bit_get(flat->nulls, i));
	if (p == PHYS_STR) {
		put_strings(o->to, flat);
	} else if (flat->type->id == TYPE_VARIANT) {
		status = put_variant(o, flat, err);
	} else if (p == PHYS_ARRAY || p == PHYS_MAP) {
		status = put_elements(o, flat, err);
	} else if (p == PHYS_TUPLE) {
		for (uint32_t k = 0; k < flat->child_count && status == OK; k++)
			status = put_data(o, flat->children[k], err);
		for (uint32_t i = 0; flat->child_count == 0 && i < flat->count; i++)
			strbuf_putc(o->to, '0');
	} else {
		put_fixed(o->to, flat);
	}
	vector_unref(flat);
	return status == OK ? strbuf_status(o->to, err) : status;
}

/* The type without LowCardinality at any depth. */
static const struct type *without_low_cardinality(struct arena *a, const struct type *t)
{
	struct type *copy = arena_copy(a, t, sizeof *t);
	copy->low_cardinality = false;
	if (t->child_count != 0) {
		copy->children = ARENA_ARRAY(a, const struct type *, t->child_count);
		for (uint32_t k = 0; k < t->child_count; k++)
			copy->children[k] = without_low_cardinality(a, t->children[k]);
	}
	return copy;
}

static enum status write_native(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	uint32_t revision = w->options->native_revision;
	struct native_out o = {to, w->track, w->options->low_cardinality_in_native};
	if (revision > 0) {
		static const char block_info[8] = {1, 0, 2, -1, -1, -1, -1, 0};
		strbuf_put(to, block_info, sizeof block_info);
	}
	strbuf_put_varuint(to, w->column_count);
	strbuf_put_varuint(to, b->count);
	for (uint32_t c = 0; c < w->column_count; c++) {
		const struct type *t = w->columns[c].type;
		if (!o.low_cardinality)
			t = without_low_cardinality(&w->arena, t);
		struct str type = column_type_name(&w->arena, t);
		strbuf_put_varuint(to, w->columns[c].name.size);
		strbuf_puts(to, w->columns[c].name);
		strbuf_put_varuint(to, type.size);
		strbuf_puts(to, type);
		if (revision >= REVISION_CUSTOM_SERIALIZATION)
			strbuf_putc(to, 0);
		if (b->count == 0)
			continue;
		put_prefix(&o, t);
		/* the declared type decides, whatever form and flags the vector came with */
		struct vector *v = NULL;
		enum status status = vector_retype(b->columns[c], w->columns[c].type, &v, err);
		if (status == OK)
			status = put_data(&o, v, err);
		vector_unref(v);
		TRY(status);
	}
	return strbuf_status(to, err);
}

const struct writer_class native_writer = {.batch = write_native};

/* ---- reading ---- */

static bool take(struct binary_cursor *k, size_t n, const char **out)
{
	if ((size_t)(k->end - k->p) < n)
		return false;
	*out = k->p;
	k->p += n;
	return true;
}

static bool take_u64(struct binary_cursor *k, uint64_t *out)
{
	const char *p;
	if (!take(k, 8, &p))
		return false;
	memcpy(out, p, 8);
	return true;
}

enum status native_prefix(struct binary_cursor *k, const struct type *t, struct error *err)
{
	uint64_t version;
	if (t->low_cardinality) {
		if (!take_u64(k, &version))
			return binary_short(k, err);
		if (version != LC_VERSION)
			return ERR(err, E_INCORRECT_DATA, "Invalid version for LowCardinality key column: %llu",
			           (unsigned long long)version);
	}
	if (t->id == TYPE_VARIANT) {
		if (!take_u64(k, &version))
			return binary_short(k, err);
		if (version != VARIANT_BASIC)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: compact discriminators of Variant in Native");
	}
	for (uint32_t i = 0; i < t->child_count; i++)
		TRY(native_prefix(k, t->children[i], err));
	return OK;
}

static enum status get_data(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err);

/* Rows of the dictionary; under Nullable code 0 is the NULL. */
static enum status put_codes(struct builder *b, const struct vector *dictionary, const char *codes, unsigned width,
                             uint64_t rows, struct error *err)
{
	struct buffer *wide;
	TRY(buffer_new(b->track, rows * sizeof(uint32_t), &wide, err));
	uint32_t *list = (uint32_t *)wide->data;
	uint64_t most = 0;
	for (uint64_t i = 0; i < rows; i++) {
		uint64_t code = 0;
		memcpy(&code, codes + i * width, width);
		most = code > most ? code : most;
		list[i] = (uint32_t)code;
	}
	uint32_t at = b->count;
	enum status status = most >= dictionary->count
		? ERR(err, E_INCORRECT_DATA, "Index of LowCardinality is out of range")
		: builder_rows(b, dictionary, list, (uint32_t)rows, err);
	if (status == OK && b->type->nullable)
		status = builder_make_nulls(b, b->count, err);
	for (uint64_t i = 0; status == OK && b->type->nullable && i < rows; i++)
		if (list[i] == 0)
			bit_set((uint64_t *)(void *)b->nulls->data, at + i);
	buffer_unref(wide);
	return status;
}

static enum status get_low_cardinality(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err)
{
	struct type plain = *b->type;
	struct builder *keys = NULL;
	struct vector *dictionary = NULL;
	uint64_t flags, n, count;
	const char *codes;
	if (rows == 0)
		return OK;
	plain.nullable = plain.low_cardinality = false;
	if (!take_u64(k, &flags))
		return binary_short(k, err);
	unsigned kind = flags & 0xff, width = 1u << (kind & 3);
	if (kind > 3 || (flags & LC_GLOBAL_DICTIONARY) != 0 || (flags & LC_ADDITIONAL_KEYS) == 0)
		return ERR(err, E_INCORRECT_DATA, "Unsupported LowCardinality serialization 0x%llx", (unsigned long long)flags);
	if (!take_u64(k, &n))
		return binary_short(k, err);
	if (n > (size_t)(k->end - k->p))
		return binary_short(k, err);
	TRY(builder_new(b->track, &plain, &keys, err));
	enum status status = get_data(k, keys, n, err);
	if (status == OK)
		status = builder_finish(keys, &dictionary, err);
	if (status == OK && !take_u64(k, &count))
		status = binary_short(k, err);
	if (status == OK && count != rows)
		status = ERR(err, E_INCORRECT_DATA, "LowCardinality of %llu rows in a block of %llu", (unsigned long long)count,
		             (unsigned long long)rows);
	if (status == OK && !take(k, rows * width, &codes))
		status = binary_short(k, err);
	if (status == OK)
		status = put_codes(b, dictionary, codes, width, rows, err);
	builder_free(keys);
	vector_unref(dictionary);
	return status;
}

static enum status get_offsets(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err)
{
	const char *p;
	uint64_t before = 0, base = b->children[0]->count, last = 0;
	if (rows == 0)
		return OK;
	if (rows > STRING_SIZE_MAX || !take(k, rows * 8, &p))
		return binary_short(k, err);
	memcpy(&last, p + (rows - 1) * 8, 8);
	for (uint64_t i = 0; i < rows; i++) {
		uint64_t offset;
		memcpy(&offset, p + i * 8, 8);
		if (offset < before || offset > last || last > STRING_SIZE_MAX)
			return ERR(err, E_INCORRECT_DATA, "Offsets of an array do not ascend");
		before = offset;
	}
	for (uint32_t c = 0; c < b->child_count; c++)
		TRY(get_data(k, b->children[c], last, err));
	TRY(builder_reserve(b, (uint32_t)rows, err));
	uint32_t *offsets = (uint32_t *)b->data->data + b->count + 1;
	for (uint64_t i = 0; i < rows; i++) {
		uint64_t offset;
		memcpy(&offset, p + i * 8, 8);
		offsets[i] = (uint32_t)(base + offset);
	}
	b->count += (uint32_t)rows;
	return OK;
}

/* Rows under a set bit hold the default that came with them. */
static enum status mark_nulls(struct builder *b, const char *nulls, uint64_t rows, struct error *err)
{
	if (nulls == NULL || memchr(nulls, 1, rows) == NULL)
		return OK;
	TRY(builder_make_nulls(b, b->count, err));
	for (uint64_t i = 0; i < rows; i++)
		if (nulls[i] != 0)
			bit_set((uint64_t *)(void *)b->nulls->data, b->count - rows + i);
	return OK;
}

static enum status get_fixed(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err)
{
	size_t width = b->physical == PHYS_NONE ? 1 : physical_size(b->physical);
	const char *p;
	if (!take(k, rows * width, &p))
		return binary_short(k, err);
	TRY(builder_reserve(b, (uint32_t)rows, err));
	if (b->physical == PHYS_NONE) {
		b->count += (uint32_t)rows;
		return OK;
	}
	if (b->type->id == TYPE_IPV6) {
		for (uint64_t i = 0; i < rows; i++)
			TRY(binary_put_ipv6(b, p + i * 16, err));
		return OK;
	}
	memcpy(b->data->data + b->count * width, p, rows * width);
	b->count += (uint32_t)rows;
	return OK;
}

/* Views into the bytes where these outlive them, else copies. */
static enum status get_strings(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err)
{
	size_t length = b->type->id == TYPE_FIXEDSTRING ? b->type->length : 0;
	bool fixed = b->type->id == TYPE_FIXEDSTRING;
	if (rows > (size_t)(k->end - k->p) && (!fixed || length != 0))
		return binary_short(k, err);
	TRY(builder_reserve(b, (uint32_t)rows, err));
	if (k->buffer != NULL && rows != 0)
		TRY(builder_keep(b, k->buffer, err));
	for (uint64_t i = 0; i < rows; i++) {
		struct str s;
		const char *p = k->p;
		if (fixed ? !take(k, length, &p) : !(likely(p < k->end && (unsigned char)*p < 0x80 && k->end - p > *p)
		                                     ? (s = str_make(p + 1, (size_t)*p), k->p = p + 1 + *p, true)
		                                     : binary_string(k, &s)))
			return binary_short(k, err);
		if (fixed)
			s = str_make(p, length);
		if (k->buffer == NULL || s.size > STRING_SIZE_MAX) {
			TRY(builder_string(b, s.data, s.size, err));
			continue;
		}
		struct strview v = view_of(s.data, s.size);
		memcpy(builder_next(b, sizeof v), &v, sizeof v);
	}
	return OK;
}

static enum status get_states(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err)
{
	struct str state;
	for (uint64_t i = 0; i < rows; i++) {
		TRY(binary_state(k, b->type, &state, err));
		TRY(builder_string(b, state.data, state.size, err));
	}
	return OK;
}

static enum status get_variant(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err)
{
	const char *codes;
	struct vector *dense[VARIANT_MEMBERS_MAX] = {NULL};
	uint64_t counts[VARIANT_NULL_CODE + 1] = {0};
	struct buffer *own = NULL;
	enum status status = OK;
	uint32_t members = b->child_count - 1;
	if (!take(k, rows, &codes))
		return binary_short(k, err);
	TRY(buffer_new(b->track, rows + 1, &own, err));
	for (uint64_t i = 0; i < rows && status == OK; i++) {
		uint8_t code = (uint8_t)codes[i];
		if (code != VARIANT_NULL_CODE && code >= members)
			status = ERR(err, E_INCORRECT_DATA, "Discriminator of Variant is out of range");
		counts[code]++;
		own->data[i] = (uint8_t)(code + 1);
	}
	for (uint32_t m = 0; m < members && status == OK; m++) {
		struct builder *member;
		status = builder_new(b->track, b->type->children[m + 1], &member, err);
		if (status != OK)
			break;
		status = get_data(k, member, counts[m], err);
		if (status == OK)
			status = builder_finish(member, &dense[m], err);
		builder_free(member);
	}
	if (status == OK)
		status = variant_scatter(b, own->data, (uint32_t)rows, dense, err);
	for (uint32_t m = 0; m < members; m++)
		vector_unref(dense[m]);
	buffer_unref(own);
	return status;
}

static enum status get_data(struct binary_cursor *k, struct builder *b, uint64_t rows, struct error *err)
{
	const char *nulls = NULL;
	if (rows > STRING_SIZE_MAX)
		return ERR(err, E_INCORRECT_DATA, "a block of too many rows");
	if (b->type->low_cardinality)
		return get_low_cardinality(k, b, rows, err);
	if (b->type->id == TYPE_VARIANT)
		return get_variant(k, b, rows, err);
	if (b->type->nullable && !take(k, rows, &nulls))
		return binary_short(k, err);
	if (b->type->id == TYPE_AGGSTATE)
		return get_states(k, b, rows, err);
	if (b->physical == PHYS_STR) {
		TRY(get_strings(k, b, rows, err));
	} else if (b->physical == PHYS_ARRAY || b->physical == PHYS_MAP) {
		TRY(get_offsets(k, b, rows, err));
	} else if (b->physical == PHYS_TUPLE) {
		const char *ignored;
		if (b->child_count == 0 && !take(k, rows, &ignored))
			return binary_short(k, err);
		for (uint32_t c = 0; c < b->child_count; c++)
			TRY(get_data(k, b->children[c], rows, err));
		for (uint64_t i = 0; i < rows; i++)
			TRY(builder_end_tuple(b, err));
	} else {
		TRY(get_fixed(k, b, rows, err));
	}
	return mark_nulls(b, nulls, rows, err);
}

/* ---- types that differ ---- */

bool binary_same(const struct type *a, const struct type *b)
{
	if (a->nullable && !b->nullable)
		return false;
	if (a->id != b->id || a->scale != b->scale || a->precision != b->precision || a->length != b->length ||
	    b->nullable != a->nullable)
		return false;
	return a->child_count == 0 && a->value_count == 0 ? true : type_equal(a, b);
}

/* Through text, which every type has. */
static enum status convert_by_text(struct segment *s, uint32_t c, const struct vector *v, struct error *err)
{
	struct format_reader *r = s->reader;
	struct builder *b = s->builders[c];
	struct strbuf text;
	enum status status = OK;
	bool container = type_physical(v->type) >= PHYS_ARRAY;
	strbuf_init(&text, r->track);
	for (uint32_t i = 0; i < v->count && status == OK; i++) {
		if (vector_is_null(v, i)) {
			status = b->type->nullable ? builder_null(b, err) : r->values.null_as_default ? builder_default(b, err)
			       : ERR(err, E_NOT_NULL_VIOLATION, "Cannot insert NULL value into a column of type without NULL");
			continue;
		}
		strbuf_clear(&text);
		value_write(&text, v, i, VALUE_RAW, &r->values);
		status = strbuf_status(&text, err);
		if (status == OK)
			status = value_parse(b, strbuf_str(&text), VALUE_RAW, &r->values, err);
		(void)container;
	}
	strbuf_fini(&text);
	return status;
}

enum status binary_convert(struct segment *s, uint32_t c, const struct vector *v, struct error *err)
{
	const struct type *to = s->reader->columns[c].type;
	struct type from = *v->type;
	from.low_cardinality = to->low_cardinality;
	if (to->nullable && !vector_has_nulls(v))
		from.nullable = true;
	if (binary_same(&from, to) ||
	    (from.nullable && !to->nullable && !vector_has_nulls(v) && (from.nullable = false, binary_same(&from, to))))
		return builder_range(s->builders[c], v, 0, v->count, err);
	return convert_by_text(s, c, v, err);
}

/* ---- blocks ---- */

static enum status get_block_info(struct binary_cursor *k, struct error *err)
{
	for (;;) {
		uint64_t field;
		const char *ignored;
		if (!binary_varuint(k, &field))
			return binary_short(k, err);
		if (field == 0)
			return OK;
		if (field > 2)
			return ERR(err, E_INCORRECT_DATA, "Unknown BlockInfo field number: %llu", (unsigned long long)field);
		if (!take(k, field == 1 ? 1 : 4, &ignored))
			return binary_short(k, err);
	}
}

/* The block being read, column by column: a column that is not all there is read again when more has come. */
struct native_block {
	bool open;
	uint64_t columns, rows, next;
};

static enum status get_values(struct segment *s, struct binary_cursor *k, const struct type *t, uint32_t c,
                              uint64_t rows, struct error *err)
{
	struct format_reader *r = s->reader;
	struct builder *b = NULL;
	struct vector *v = NULL;
	if (c != FIELD_SKIP && type_equal(t, r->columns[c].type)) {
		TRY(native_prefix(k, t, err));
		return get_data(k, s->builders[c], rows, err);
	}
	TRY(builder_new(r->track, t, &b, err));
	enum status status = native_prefix(k, t, err);
	if (status == OK)
		status = get_data(k, b, rows, err);
	if (status == OK)
		status = builder_finish(b, &v, err);
	if (status == OK && c != FIELD_SKIP)
		status = binary_convert(s, c, v, err);
	builder_free(b);
	vector_unref(v);
	return status;
}

static enum status get_column(struct segment *s, struct binary_cursor *k, struct arena *a, uint64_t rows,
                              struct error *err)
{
	struct format_reader *r = s->reader;
	struct str name, text;
	const struct type *t;
	const char *custom;
	if (!binary_string(k, &name) || !binary_string(k, &text))
		return binary_short(k, err);
	TRY(type_parse(a, text, &t, err));
	if (r->options->native_revision >= REVISION_CUSTOM_SERIALIZATION) {
		if (!take(k, 1, &custom))
			return binary_short(k, err);
		if (*custom != 0)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: custom serializations in Native");
	}
	uint32_t c = reader_find(r, name);
	if (c == FIELD_SKIP)
		TRY(reader_unknown(r, name, err));
	else if (s->builders[c]->count != 0)
		return ERR(err, E_INCORRECT_DATA, "Duplicate column '%.*s' in a Native block", STR_ARG(name));
	if (rows == 0)
		return OK;
	enum status status = get_values(s, k, t, c, rows, err);
	if (status != OK && c != FIELD_SKIP)
		builder_truncate(s->builders[c], 0);
	if (status != OK && status != E_UNEXPECTED_EOF && c != FIELD_SKIP)
		segment_failed(s, c, (struct str){NULL, 0}, status);
	return status;
}

static enum status absent_column(struct segment *s, uint32_t c, uint32_t rows, struct error *err)
{
	struct format_reader *r = s->reader;
	free(s->missing[c]);
	s->missing[c] = calloc(bits_words(rows > r->block_rows ? rows : r->block_rows), sizeof(uint64_t));
	if (s->missing[c] == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a bitmap");
	bits_fill(s->missing[c], 0, rows, true);
	for (uint32_t i = 0; i < rows; i++)
		TRY(builder_default(s->builders[c], err));
	return OK;
}

enum status native_head(struct binary_cursor *k, uint32_t revision, uint64_t *columns, uint64_t *rows,
                        struct error *err)
{
	if (revision > 0)
		TRY(get_block_info(k, err));
	if (!binary_varuint(k, columns) || !binary_varuint(k, rows))
		return binary_short(k, err);
	if (*columns > NATIVE_COLUMNS_MAX || *rows > STRING_SIZE_MAX)
		return ERR(err, E_INCORRECT_DATA, "Suspiciously large block in Native format: %llu columns, %llu rows",
		           (unsigned long long)*columns, (unsigned long long)*rows);
	if (*columns == 0 && *rows != 0)
		return ERR(err, E_INCORRECT_DATA, "A Native block of rows without columns");
	return OK;
}

static enum status get_block(struct segment *s, struct arena *a, struct error *err)
{
	struct format_reader *r = s->reader;
	struct native_block *n = r->state;
	struct binary_cursor k = {s->p, s->end, s->buffer, false, &r->states, &r->arena};
	if (!n->open) {
		TRY(native_head(&k, r->options->native_revision, &n->columns, &n->rows, err));
		n->open = true;
		n->next = 0;
	}
	for (s->p = k.p; n->next < n->columns; n->next++) {
		TRY(get_column(s, &k, a, n->rows, err));
		s->p = k.p;
	}
	for (uint32_t c = 0; c < r->column_count; c++)
		if (s->builders[c]->count == 0 && n->rows != 0)
			TRY(absent_column(s, c, (uint32_t)n->rows, err));
	s->rows = (uint32_t)n->rows;
	n->open = false;
	return OK;
}

/* One block a call, empty ones aside. */
static enum status native_rows(struct segment *s, uint32_t max, struct error *err)
{
	struct arena a;
	enum status status = OK;
	(void)max;
	arena_init(&a, s->reader->track);
	s->row_start = s->p;
	while (status == OK && s->rows == 0 && (s->p < s->end || ((struct native_block *)s->reader->state)->open))
		status = get_block(s, &a, err);
	arena_fini(&a);
	if (status == E_UNEXPECTED_EOF && err->status == OK && s->is_last)
		status = ERR(err, E_UNEXPECTED_EOF, "Cannot read all data: the input ends amid a block");
	return status;
}

static void native_open(struct format_reader *r)
{
	r->state = ARENA_NEW(&r->arena, struct native_block);
}

const struct reader_class native_reader = {.serial = true, .whole_blocks = true, .open = native_open,
                                           .rows = native_rows};

/* Data has to be read to find the next column's name. */
enum status native_infer(struct str data, struct arena *a, struct format_column **columns, size_t *n, struct error *err)
{
	void *states = NULL;
	struct binary_cursor k = {data.data, data.data + data.size, NULL, false, &states, a};
	uint64_t count, rows;
	size_t capacity = 0;
	enum status status = OK;
	if (!binary_varuint(&k, &count) || !binary_varuint(&k, &rows))
		status = binary_short(&k, err);
	for (uint64_t i = 0; i < count && status == OK; i++) {
		struct str name, text;
		struct format_column c;
		struct builder *b = NULL;
		if (!binary_string(&k, &name) || !binary_string(&k, &text)) {
			status = binary_short(&k, err);
			break;
		}
		status = type_parse(a, text, &c.type, err);
		if (status == OK)
			status = builder_new(NULL, c.type, &b, err);
		if (status == OK && rows != 0)
			status = native_prefix(&k, c.type, err);
		if (status == OK && rows != 0)
			status = get_data(&k, b, rows, err);
		builder_free(b);
		if (status == OK) {
			c.name = arena_str(a, name);
			ARENA_PUSH(a, *columns, *n, capacity, c);
		}
	}
	if (status == E_UNEXPECTED_EOF && (err == NULL || err->status == OK))
		status = ERR(err, E_UNEXPECTED_EOF, "Cannot extract table structure: the first block is not complete");
	return status;
}
