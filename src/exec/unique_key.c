// SPDX-License-Identifier: Apache-2.0
#include "exec/unique_key.h"

#include "base/sort.h"

/* ---- columns ---- */

/* The next of a list of quoted names: a, "b c". */
static struct str next_name(struct str *list, struct arena *a)
{
	struct strbuf b;
	size_t i = 0;
	strbuf_init(&b, NULL);
	while (i < list->size && (list->data[i] == ' ' || list->data[i] == ','))
		i++;
	bool quoted = i < list->size && list->data[i] == '"';
	for (i += quoted; i < list->size; i++) {
		char c = list->data[i];
		if (quoted ? c == '"' && !(i + 1 < list->size && list->data[i + 1] == '"') : c == ',')
			break;
		i += quoted && c == '"';
		strbuf_putc(&b, c);
	}
	i += quoted && i < list->size;
	*list = str_make(list->data + i, list->size - i);
	struct str name = str_trim(arena_str(a, strbuf_str(&b)));
	strbuf_fini(&b);
	return name;
}

bool unique_key_columns(struct unique_key *k, const struct table_def *def, struct str list, struct arena *a)
{
	k->columns = ARENA_ARRAY(a, uint32_t, def->column_count + 1);
	k->stored = ARENA_ARRAY(a, uint32_t, def->column_count + 1);
	while (str_trim(list).size != 0 && k->count < def->column_count) {
		struct str name = next_name(&list, a);
		const struct column_def *d = table_def_column(def, name);
		if (d == NULL || d->default_kind == COLUMN_ALIAS || d->default_kind == COLUMN_EPHEMERAL)
			return false;
		uint32_t at = 0;
		for (const struct column_def *c = def->columns; c != d; c++)
			at += c->default_kind != COLUMN_ALIAS && c->default_kind != COLUMN_EPHEMERAL;
		k->columns[k->count] = (uint32_t)(d - def->columns);
		k->stored[k->count++] = at;
	}
	const struct type **types = ARENA_ARRAY(a, const struct type *, k->count + 1);
	for (uint32_t c = 0; c < k->count; c++)
		types[c] = def->columns[k->columns[c]].type;
	k->seen.exact = key_hash_is_exact(types, k->count);
	return k->count != 0;
}

bool unique_index_columns(struct unique_key *k, const struct table_def *def, const struct index_def *d, struct arena *a)
{
	return d->unique && str_find(d->pg_definition, STR(") WHERE (")) < 0 && unique_key_columns(k, def, d->expr.text, a);
}

/* ---- the keys of a block ---- */

/* By the upper halves, which are nearly always different, then those that are not by all. */
static void sort_block(struct key_block *b, uint32_t rows, struct arena *a)
{
	struct key_index32 *list = arena_raw(a, (rows + 1) * sizeof *list), *other = arena_raw(a, (rows + 1) * sizeof *other);
	uint32_t n = 0;
	for (uint32_t r = 0; r < rows; r++)
		if (!b->skip[r])
			list[n++] = (struct key_index32){(uint32_t)(b->hashes[r].low >> 32), r};
	list = radix_sort_u32(list, other, n);
	b->order = arena_raw(a, (n + 1) * sizeof *b->order);
	b->sorted = arena_raw(a, (n + 1) * sizeof *b->sorted);
	b->count = n;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t h = b->hashes[list[i].index].low;
		uint32_t at = i;
		for (; at > 0 && b->sorted[at - 1] > h; at--) {
			b->sorted[at] = b->sorted[at - 1];
			b->order[at] = b->order[at - 1];
		}
		b->sorted[at] = h;
		b->order[at] = list[i].index;
	}
}

enum status unique_hash(const struct unique_key *k, const struct batch *stored, struct arena *a,
                        struct key_block *out, struct error *err)
{
	struct vector **columns = ARENA_ARRAY(a, struct vector *, k->count + 1);
	(void)err;
	for (uint32_t c = 0; c < k->count; c++)
		columns[c] = stored->columns[k->stored[c]];
	out->hashes = arena_raw(a, (stored->count + 1) * sizeof *out->hashes);
	out->skip = arena_raw(a, stored->count + 1);
	key_hash_rows(columns, k->count, stored->count, out->hashes, out->skip);
	sort_block(out, stored->count, a);
	return OK;
}

/* ---- keys of the statement ---- */

/* Rows of the block whose key another row before them has. */
static void meet_in_block(const struct unique_key *k, const struct key_block *b, uint8_t *twice)
{
	for (uint32_t i = 1; i < b->count; i++)
		for (uint32_t before = i; before > 0 && b->sorted[before - 1] == b->sorted[i]; before--)
			if (k->seen.exact || b->hashes[b->order[before - 1]].high == b->hashes[b->order[i]].high) {
				twice[b->order[i]] = 1;
				break;
			}
}

enum status unique_meet(struct unique_key *k, const struct key_block *b, uint8_t *twice, struct memtrack *track,
                        struct error *err)
{
	struct arena a;
	meet_in_block(k, b, twice);
	arena_init(&a, track);
	uint64_t *low = b->sorted, *high = k->seen.exact ? NULL : arena_raw(&a, (b->count + 1) * sizeof *high);
	for (uint32_t i = 0; high != NULL && i < b->count; i++)
		high[i] = b->hashes[b->order[i]].high;
	uint32_t n = b->count;
	uint8_t *met = arena_alloc(&a, n + 1);
	key_runs_find(&k->seen, low, high, n, met);
	bool any = false;
	for (uint32_t i = 0; i < n; i++) {
		twice[b->order[i]] |= met[i];
		any |= twice[b->order[i]] != 0;
	}
	if (any) { /* only the others are new */
		low = arena_raw(&a, (n + 1) * sizeof *low);
		n = 0;
		for (uint32_t i = 0; i < b->count; i++) {
			if (twice[b->order[i]])
				continue;
			low[n] = b->sorted[i];
			if (high != NULL)
				high[n] = high[i];
			n++;
		}
	}
	enum status s = key_runs_add(&k->seen, low, high, n, track, err);
	arena_fini(&a);
	return s;
}
