// SPDX-License-Identifier: Apache-2.0
#include "format/native_scan.h"

#include "column/variant.h"
#include "format/binary_impl.h"

/* E_UNEXPECTED_EOF without a message: more bytes are needed. */
static enum status skip(struct binary_cursor *k, uint64_t n)
{
	if (n > (size_t)(k->end - k->p))
		return E_UNEXPECTED_EOF;
	k->p += n;
	return OK;
}

static enum status skip_u64(struct binary_cursor *k, uint64_t *out)
{
	const char *p = k->p;
	TRY(skip(k, 8));
	memcpy(out, p, 8);
	return OK;
}

static enum status skip_data(struct binary_cursor *k, const struct type *t, uint64_t rows, struct error *err);

static enum status skip_low_cardinality(struct binary_cursor *k, const struct type *t, uint64_t rows,
                                        struct error *err)
{
	struct type plain = *t;
	uint64_t flags, keys, count;
	if (rows == 0)
		return OK;
	plain.nullable = plain.low_cardinality = false;
	TRY(skip_u64(k, &flags));
	TRY(skip_u64(k, &keys));
	TRY(skip_data(k, &plain, keys, err));
	TRY(skip_u64(k, &count));
	if (count != rows)
		return ERR(err, E_INCORRECT_DATA, "LowCardinality of %llu rows in a block of %llu", (unsigned long long)count,
		           (unsigned long long)rows);
	return skip(k, count << (flags & 3));
}

static enum status skip_strings(struct binary_cursor *k, uint64_t rows, uint64_t *done, const char **from,
                                struct error *err)
{
	for (; *done < rows; ++*done) {
		struct str ignored;
		*from = k->p;
		if (!binary_string(k, &ignored)) {
			k->p = *from;
			return binary_short(k, err);
		}
	}
	*from = k->p;
	return OK;
}

static enum status skip_variant(struct binary_cursor *k, const struct type *t, uint64_t rows, struct error *err)
{
	uint64_t counts[VARIANT_NULL_CODE + 1] = {0};
	const char *codes = k->p;
	TRY(skip(k, rows));
	for (uint64_t i = 0; i < rows; i++)
		counts[(uint8_t)codes[i]]++;
	for (uint32_t m = 1; m < t->child_count; m++)
		TRY(skip_data(k, t->children[m], counts[m - 1], err));
	return OK;
}

static enum status skip_data(struct binary_cursor *k, const struct type *t, uint64_t rows, struct error *err)
{
	enum physical p = type_physical(t);
	if (rows > STRING_SIZE_MAX)
		return ERR(err, E_INCORRECT_DATA, "a block of too many rows");
	if (t->low_cardinality)
		return skip_low_cardinality(k, t, rows, err);
	if (t->id == TYPE_VARIANT)
		return skip_variant(k, t, rows, err);
	if (t->nullable)
		TRY(skip(k, rows));
	for (uint64_t i = 0; t->id == TYPE_AGGSTATE && i < rows; i++) {
		struct str ignored;
		TRY(binary_state(k, t, &ignored, err));
	}
	if (t->id == TYPE_AGGSTATE)
		return OK;
	if (p == PHYS_STR && t->id != TYPE_FIXEDSTRING) {
		uint64_t done = 0;
		const char *from;
		return skip_strings(k, rows, &done, &from, err);
	}
	if (p == PHYS_STR)
		return skip(k, rows * t->length);
	if (p == PHYS_ARRAY || p == PHYS_MAP) {
		uint64_t last = 0;
		if (rows == 0)
			return OK;
		TRY(skip(k, (rows - 1) * 8));
		TRY(skip_u64(k, &last));
		for (uint32_t c = 0; c < t->child_count; c++)
			TRY(skip_data(k, t->children[c], last, err));
		return OK;
	}
	if (p == PHYS_TUPLE) {
		for (uint32_t c = 0; c < t->child_count; c++)
			TRY(skip_data(k, t->children[c], rows, err));
		return t->child_count == 0 ? skip(k, rows) : OK;
	}
	return skip(k, rows * (p == PHYS_NONE ? 1 : physical_size(p)));
}

/* Name, type and what precedes the values. */
static enum status skip_column_head(struct binary_cursor *k, uint32_t revision, uint64_t rows, struct arena *a,
                                    struct format_column *out, struct error *err)
{
	struct str name, text;
	if (!binary_string(k, &name) || !binary_string(k, &text))
		return binary_short(k, err);
	if (out->type == NULL) {
		out->name = arena_str(a, name);
		TRY(type_parse(a, text, &out->type, err));
	}
	if (revision >= REVISION_CUSTOM_SERIALIZATION) {
		const char *custom = k->p;
		TRY(skip(k, 1));
		if (*custom != 0)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: custom serializations in Native");
	}
	return rows == 0 ? OK : native_prefix(k, out->type, err);
}

static enum status scan_column(struct native_scan *s, struct binary_cursor *k, const char *data, uint32_t revision,
                               struct arena *a, struct error *err)
{
	TRY(skip_column_head(k, revision, s->rows, a, &s->list[s->next], err));
	const struct type *t = s->list[s->next].type;
	bool texts = type_physical(t) == PHYS_STR && t->id != TYPE_FIXEDSTRING && t->id != TYPE_AGGSTATE &&
		!t->low_cardinality;
	if (!texts)
		return skip_data(k, t, s->rows, err);
	if (t->nullable)
		TRY(skip(k, s->rows));
	const char *from = k->p;
	if (s->strings_at != 0)
		k->p = data + s->strings_at;
	enum status status = skip_strings(k, s->rows, &s->strings, &from, err);
	s->strings_at = (size_t)(from - data);
	return status;
}

enum status native_scan(struct native_scan *s, struct str data, uint32_t revision, struct arena *a, size_t *size,
                        struct error *err)
{
	void *states = NULL;
	struct binary_cursor k = {data.data + s->at, data.data + data.size, NULL, false, &states, a};
	enum status status = OK;
	*size = 0;
	if (!s->head_done) {
		status = native_head(&k, revision, &s->columns, &s->rows, err);
		s->head_done = status == OK;
		if (s->head_done)
			s->list = ARENA_ARRAY(a, struct format_column, s->columns + 1);
	}
	while (status == OK) {
		s->at = (size_t)(k.p - data.data);
		if (s->next == s->columns)
			break;
		status = scan_column(s, &k, data.data, revision, a, err);
		if (status == OK) {
			s->strings_at = 0;
			s->strings = 0;
			s->next++;
		}
	}
	if (status == E_UNEXPECTED_EOF && (err == NULL || !error_is_set(err)))
		return OK;
	TRY(status);
	*size = s->at;
	return OK;
}
