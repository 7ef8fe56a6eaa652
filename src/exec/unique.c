// SPDX-License-Identifier: Apache-2.0
#include "exec/unique.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "exec/change.h"
#include "exec/run_impl.h"
#include "func/compose.h"
#include "storage/sort_rows.h"
#include "storage/table_keys.h"
#include "txn/locks.h"

enum { EQUALS_MAX = 48 };

/* ---- sets of keys ---- */

void key_set_fini(struct key_set *s)
{
	free(s->slots);
	*s = (struct key_set){0};
}

static struct key_slot *key_slot_of(const struct key_set *s, struct key_hash h)
{
	uint64_t at = h.high & (s->size - 1);
	while (s->slots[at].number != 0 && (s->slots[at].hash.low != h.low || s->slots[at].hash.high != h.high))
		at = (at + 1) & (s->size - 1);
	return &s->slots[at];
}

static enum status key_set_grow(struct key_set *s, struct error *err)
{
	struct key_set more = {.size = s->size == 0 ? 64 : s->size * 2, .count = s->count};
	more.slots = calloc(more.size, sizeof *more.slots);
	if (more.slots == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint64_t i = 0; i < s->size; i++)
		if (s->slots[i].number != 0)
			*key_slot_of(&more, s->slots[i].hash) = s->slots[i];
	free(s->slots);
	*s = more;
	return OK;
}

enum status key_set_add(struct key_set *s, struct key_hash h, uint32_t number, uint32_t *other, struct error *err)
{
	if (s->count * 2 >= s->size)
		TRY(key_set_grow(s, err));
	struct key_slot *slot = key_slot_of(s, h);
	*other = slot->number == 0 ? UINT32_MAX : slot->number - 1;
	if (slot->number == 0) {
		*slot = (struct key_slot){h, number + 1};
		s->count++;
	}
	return OK;
}

static uint32_t key_set_get(const struct key_set *s, struct key_hash h)
{
	return s->size == 0 ? UINT32_MAX : key_slot_of(s, h)->number - 1;
}

/* ---- constraints ---- */

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

/* False where it is not a key of plain stored columns. */
static bool key_columns(struct unique *u, struct unique_key *k, struct str list, struct arena *a)
{
	const struct table_def *def = u->table->def;
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
	return k->count != 0;
}

enum status unique_open(struct session *s, struct query *q, struct table *t, const bool *changed, struct arena *a,
                        struct unique **out, struct error *err)
{
	const struct table_def *def = t->def;
	(void)err;
	*out = NULL;
	if (def->dialect != DIALECT_POSTGRESQL || t->ops->lock_rows == NULL || t->ops->scan_at == NULL
	    || !settings_bool(s->local, SET_enforce_primary_key))
		return OK;
	struct unique *u = ARENA_NEW(a, struct unique);
	*u = (struct unique){.session = s, .query = q, .table = t, .arena = a};
	u->keys = ARENA_ARRAY(a, struct unique_key, def->constraint_count + 1);
	for (uint32_t i = 0; i < def->constraint_count; i++) {
		const struct constraint_def *d = &def->constraints[i];
		struct unique_key *k = &u->keys[u->key_count];
		*k = (struct unique_key){.name = d->name};
		if ((d->kind != 'p' && d->kind != 'u') || !key_columns(u, k, d->columns, a))
			continue;
		bool concerned = changed == NULL;
		for (uint32_t c = 0; c < k->count; c++)
			concerned = concerned || changed[k->columns[c]];
		k->object = hash_combine((uint64_t)(uintptr_t)txn_manager_of(s->txn), (uint64_t)def->slot << 32 | i);
		const struct type *type = def->columns[k->columns[0]].type;
		k->is_integer = k->count == 1 && type->id != TYPE_UUID && !type_is_float(type) && type->child_count == 0
		                && type_physical(type) != PHYS_STR && physical_size(type_physical(type)) <= 8
		                && physical_size(type_physical(type)) != 0;
		k->ascending = k->is_integer;
		u->key_count += concerned;
	}
	if (u->key_count != 0)
		*out = u;
	return OK;
}

void unique_close(struct unique *u)
{
	for (uint32_t i = 0; u != NULL && i < u->key_count; i++) {
		key_set_fini(&u->keys[i].seen);
		for (size_t r = 0; r < u->keys[i].run_count; r++)
			vector_unref(u->keys[i].runs[r]);
		u->keys[i].run_count = 0;
	}
}

/* ---- hashing ---- */

static void hash_in(struct key_hash *h, const void *data, size_t size)
{
	uint64_t v = 0;
	if (size <= 8) {
		memcpy(&v, data, size);
		h->low = hash_combine(h->low, hash_u64(v));
		h->high = hash_combine(h->high, hash_u64(v ^ 0x5bf03635d1c2b9a7u));
	} else {
		h->low = hash_combine(h->low, hash_bytes(data, size, 1));
		h->high = hash_combine(h->high, hash_bytes(data, size, 2));
	}
}

static void hash_cell(struct key_hash *h, const struct vector *v, uint32_t row, struct strbuf *text)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	enum physical p = type_physical(at->type);
	if (p == PHYS_STR) {
		const struct strview *s = &((const struct strview *)at->data)[i];
		uint64_t size = s->size;
		hash_in(h, &size, 8);
		struct str bytes = strview_str(s);
		h->low = hash_combine(h->low, hash_bytes(bytes.data, bytes.size, 1));
		h->high = hash_combine(h->high, hash_bytes(bytes.data, bytes.size, 2));
		return;
	}
	size_t width = physical_size(p);
	if (width != 0 && !type_is_float(at->type) && at->child_count == 0) {
		hash_in(h, (const char *)at->data + i * width, width);
		return;
	}
	strbuf_clear(text);
	value_write(text, v, row, VALUE_QUOTED, &value_options_default);
	hash_in(h, text->data, text->size);
}

/* An integer as it is, so that what comes in order is locked in order. */
static void hash_integers(const struct vector *v, uint32_t count, struct key_hash *hashes, uint8_t *skip)
{
	size_t width = physical_size(type_physical(v->type));
	for (uint32_t r = 0; r < count; r++) {
		const struct vector *at;
		uint32_t i = vector_index(v, r, &at);
		uint64_t x = 0;
		memcpy(&x, (const char *)at->data + i * width, width);
		/* signed and unsigned alike: only equal values must be equal, and ascending ones mostly stay so */
		hashes[r] = (struct key_hash){x, hash_u64(x)};
		skip[r] = at->nulls != NULL && bit_get(at->nulls, i);
	}
}

static void hash_rows(const struct unique_key *k, struct vector *const *columns, uint32_t count,
                      struct key_hash *hashes, uint8_t *skip)
{
	struct strbuf text;
	if (k->is_integer) {
		hash_integers(columns[0], count, hashes, skip);
		return;
	}
	strbuf_init(&text, NULL);
	memset(hashes, 0, count * sizeof *hashes);
	memset(skip, 0, count);
	for (uint32_t c = 0; c < k->count; c++)
		for (uint32_t r = 0; r < count; r++) {
			skip[r] |= vector_is_null(columns[c], r);
			hash_cell(&hashes[r], columns[c], r, &text);
		}
	strbuf_fini(&text);
}

enum status unique_hash(const struct unique_key *k, const struct batch *stored, struct arena *a,
                        struct key_hash **hashes, uint8_t **skip, struct error *err)
{
	struct vector **columns = ARENA_ARRAY(a, struct vector *, k->count + 1);
	(void)err;
	for (uint32_t c = 0; c < k->count; c++)
		columns[c] = stored->columns[k->stored[c]];
	*hashes = arena_alloc(a, (stored->count + 1) * sizeof **hashes);
	*skip = arena_alloc(a, stored->count + 1);
	hash_rows(k, columns, stored->count, *hashes, *skip);
	return OK;
}

#define SORT_NAME sort_hashes
#define SORT_TYPE uint64_t
#define SORT_LESS(a, b) (*(a) < *(b))
#include "base/sort.h"

enum status unique_lock(struct unique *u, const struct unique_key *k, const struct key_hash *hashes,
                        const uint8_t *skip, uint32_t count, struct error *err)
{
	struct lock_terms terms = {.timeout_us = (int64_t)settings_u64(u->session->local, SET_lock_timeout),
	                           .cancelled = query_cancel_flag(u->query)};
	uint64_t *keys = malloc((count + 1) * sizeof *keys);
	size_t n = 0;
	bool waited;
	if (keys == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint32_t r = 0; r < count; r++)
		if (!skip[r])
			keys[n++] = hashes[r].low;
	sort_hashes(keys, n);
	enum status s = locks_keys(u->session->txn, k->object, keys, n, &terms, &waited, err);
	free(keys);
	return s;
}

/* ---- looking into the table ---- */

struct probe {
	struct unique *u;
	const struct unique_key *key;
	const struct batch *stored;
	const struct key_hash *hashes;
	const uint8_t *skip;
	struct key_set rows;             /* of the block; numbers are rows; made when the first row of the table comes */
	struct arena arena;
	uint32_t *columns, column_count; /* of the scan: the number of the row is the last */
	uint32_t *key_at;                /* key columns among them */
	struct expr *filter;
};

static enum status compare_with(struct probe *p, struct bind_env *env, const char *op, uint32_t row, struct expr **out)
{
	const struct vector *v = p->stored->columns[p->key->stored[0]];
	const struct column_def *d = &p->u->table->def->columns[p->key->columns[0]];
	struct vector *one;
	TRY(vector_constant(NULL, v, row, 1, &one, env->err));
	struct expr *args[2] = {expr_column(&p->arena, p->key_at[0], d->type, d->name), expr_constant(&p->arena, one)};
	return compose_call(env, op, args, 2, out);
}

/* What lets the scan leave out most of the table: few keys by equality, many by their range. */
static enum status make_filter(struct probe *p, struct error *err)
{
	struct bind_env env = {.arena = &p->arena, .session = storage_session(DIALECT_CLICKHOUSE), .err = err};
	const struct vector *v = p->stored->columns[p->key->stored[0]];
	uint32_t n = p->stored->count, least = UINT32_MAX, greatest = UINT32_MAX;
	if (p->key->ascending) {
		least = 0;
		greatest = n - 1;
	}
	for (uint32_t r = 0; r < n && !p->key->ascending; r++) {
		if (p->skip[r])
			continue;
		if (least == UINT32_MAX || compare_values(v, r, v, least) < 0)
			least = r;
		if (greatest == UINT32_MAX || compare_values(v, r, v, greatest) > 0)
			greatest = r;
	}
	struct expr *bounds[2];
	if (n > EQUALS_MAX) {
		TRY(compare_with(p, &env, "greaterOrEquals", least, &bounds[0]));
		TRY(compare_with(p, &env, "lessOrEquals", greatest, &bounds[1]));
		return compose_call(&env, "and", bounds, 2, &p->filter);
	}
	for (uint32_t r = 0; r < n; r++) {
		if (p->skip[r])
			continue;
		TRY(compare_with(p, &env, "equals", r, &bounds[1]));
		if (p->filter == NULL) {
			p->filter = bounds[1];
			continue;
		}
		bounds[0] = p->filter;
		TRY(compose_call(&env, "or", bounds, 2, &p->filter));
	}
	return OK;
}

static enum status choose_columns(struct probe *p, bool whole, struct error *err)
{
	const struct table *t = p->u->table;
	const struct unique_key *k = p->key;
	p->columns = ARENA_ARRAY(&p->arena, uint32_t, t->def->column_count + 2);
	p->key_at = ARENA_ARRAY(&p->arena, uint32_t, k->count + 1);
	for (uint32_t i = 0; whole && i < t->def->column_count; i++)
		if (t->def->columns[i].default_kind != COLUMN_ALIAS && t->def->columns[i].default_kind != COLUMN_EPHEMERAL)
			p->columns[p->column_count++] = i;
	for (uint32_t i = 0; i < k->count; i++) {
		p->key_at[i] = whole ? k->stored[i] : p->column_count;
		if (!whole)
			p->columns[p->column_count++] = k->columns[i];
	}
	for (uint32_t i = 0; i < t->ops->virtual_column_count; i++)
		if (strcmp(t->ops->virtual_columns[i].name, "__row_id") == 0) {
			p->columns[p->column_count++] = COLUMN_VIRTUAL | i;
			return OK;
		}
	return ERR(err, E_LOGICAL_ERROR, "rows of this table have no numbers");
}

static bool same_key(const struct probe *p, uint32_t row, struct vector *const *columns, uint32_t at)
{
	for (uint32_t c = 0; c < p->key->count; c++)
		if (compare_values(p->stored->columns[p->key->stored[c]], row, columns[c], at) != 0)
			return false;
	return true;
}

static enum status probe_batch(struct probe *p, const struct batch *b, unique_found_fn fn, void *arg,
                               struct error *err)
{
	struct vector **columns = ARENA_ARRAY(&p->arena, struct vector *, p->key->count + 1);
	struct key_hash *hashes = malloc((b->count + 1) * sizeof *hashes);
	uint8_t *skip = malloc(b->count + 1);
	enum status s = hashes == NULL || skip == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t c = 0; c < p->key->count; c++)
		columns[c] = b->columns[p->key_at[c]];
	bool empty = p->rows.count == 0;
	for (uint32_t r = 0, other; s == OK && empty && r < p->stored->count; r++)
		if (!p->skip[r])
			s = key_set_add(&p->rows, p->hashes[r], r, &other, err);
	if (s == OK)
		hash_rows(p->key, columns, b->count, hashes, skip);
	for (uint32_t r = 0; s == OK && r < b->count; r++) {
		uint32_t row = skip[r] ? UINT32_MAX : key_set_get(&p->rows, hashes[r]);
		if (row != UINT32_MAX && same_key(p, row, columns, r))
			s = fn(arg, row, b, r, err);
	}
	free(hashes);
	free(skip);
	return s;
}

static enum status run_probe(struct probe *p, const struct version *at, unique_found_fn fn, void *arg,
                             struct error *err)
{
	struct unique *u = p->u;
	struct scan_request r = {.columns = p->columns, .column_count = p->column_count, .filters = &p->filter,
		.filter_count = p->filter != NULL, .threads = 1, .session = storage_session(DIALECT_CLICKHOUSE),
		.track = &u->query->track, .cancelled = query_cancel_flag(u->query)};
	struct scan *scan;
	struct batch *b;
	enum status s;
	if (at != NULL)
		TRY(u->table->ops->scan_at(u->table, at, &r, &scan, err));
	else
		TRY(u->table->ops->scan(u->table, u->session->txn, &r, &scan, err));
	while ((s = scan->ops->next(scan, 0, &b, err)) == OK && b != NULL) {
		s = probe_batch(p, b, fn, arg, err);
		batch_free(b);
		if (s != OK)
			break;
	}
	scan->ops->free(scan);
	return s;
}

enum status unique_find(struct unique *u, const struct unique_key *k, const struct batch *stored,
                        const struct key_hash *hashes, const uint8_t *skip, bool whole, bool newest,
                        unique_found_fn fn, void *arg, struct error *err)
{
	struct probe p = {.u = u, .key = k, .stored = stored, .hashes = hashes, .skip = skip};
	struct version *at = NULL;
	enum status s = OK;
	bool any = memchr(skip, 0, stored->count) != NULL;
	arena_init(&p.arena, &u->query->track);
	if (any) {
		s = choose_columns(&p, whole, err);
		if (s == OK)
			s = make_filter(&p, err);
		if (s == OK && newest)
			s = txn_newest_view(u->session->txn, u->table->def->slot, &at, err);
		if (s == OK && (!newest || at != NULL))
			s = run_probe(&p, at, fn, arg, err);
	}
	version_unref(at);
	key_set_fini(&p.rows);
	arena_fini(&p.arena);
	return s;
}

/* ---- checking ---- */

static enum status violated(struct unique *u, const struct unique_key *k, const struct batch *stored, uint32_t row,
                            struct error *err)
{
	struct strbuf names, values;
	const struct table_def *def = u->table->def;
	strbuf_init(&names, NULL);
	strbuf_init(&values, NULL);
	for (uint32_t c = 0; c < k->count; c++) {
		strbuf_printf(&names, "%s%.*s", c == 0 ? "" : ", ", STR_ARG(def->columns[k->columns[c]].name));
		strbuf_puts(&values, c == 0 ? STR("") : STR(", "));
		value_write(&values, stored->columns[k->stored[c]], row, VALUE_PG, session_text_options(u->session));
	}
	ERR(err, E_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%.*s\"", STR_ARG(k->name));
	error_detail(err, "Key (%s)=(%s) already exists.", strbuf_cstr(&names), strbuf_cstr(&values));
	strbuf_fini(&names);
	strbuf_fini(&values);
	if (err != NULL) {
		snprintf(err->constraint, sizeof err->constraint, "%.*s", STR_ARG(k->name));
		snprintf(err->table, sizeof err->table, "%.*s", STR_ARG(def->name));
		snprintf(err->schema, sizeof err->schema, "%s", "public");
	}
	return E_UNIQUE_VIOLATION;
}

/* ---- keys of the statement ---- */

static bool goes_up(const struct key_hash *hashes, const uint8_t *skip, uint32_t count, bool first, uint64_t last)
{
	for (uint32_t r = 0; r < count; r++) {
		if (skip[r] || (!(first && r == 0) && hashes[r].low <= last))
			return false;
		last = hashes[r].low;
	}
	return true;
}

/* The runs are hashed after all. */
static enum status leave_ascending(struct unique_key *k, struct arena *a, struct error *err)
{
	uint32_t other;
	k->ascending = false;
	for (size_t i = 0; i < k->run_count; i++) {
		struct vector *v = k->runs[i];
		struct key_hash *hashes = arena_alloc(a, (v->count + 1) * sizeof *hashes);
		uint8_t *skip = arena_alloc(a, v->count + 1);
		hash_integers(v, v->count, hashes, skip);
		for (uint32_t r = 0; r < v->count; r++)
			TRY(key_set_add(&k->seen, hashes[r], 0, &other, err));
		vector_unref(v);
	}
	k->run_count = 0;
	return OK;
}

/* *twice: a row whose key an earlier row has; UINT32_MAX: there is none. */
static enum status add_keys(struct unique *u, struct unique_key *k, const struct batch *stored,
                            const struct key_hash *hashes, const uint8_t *skip, struct arena *a, uint32_t *twice,
                            struct error *err)
{
	*twice = UINT32_MAX;
	if (k->ascending && goes_up(hashes, skip, stored->count, k->run_count == 0, k->last)) {
		struct vector *run = vector_ref(stored->columns[k->stored[0]]);
		k->last = hashes[stored->count - 1].low;
		ARENA_PUSH(u->arena, k->runs, k->run_count, k->run_capacity, run);
		return OK;
	}
	if (k->ascending)
		TRY(leave_ascending(k, a, err));
	for (uint32_t r = 0; r < stored->count; r++) {
		uint32_t other;
		if (skip[r])
			continue;
		TRY(key_set_add(&k->seen, hashes[r], r, &other, err));
		if (other != UINT32_MAX) {
			*twice = r;
			return OK;
		}
	}
	return OK;
}

struct checking {
	struct unique *u;
	const struct unique_key *k;
	const struct batch *stored;
};

static enum status found(void *arg, uint32_t row, const struct batch *b, uint32_t at, struct error *err)
{
	struct checking *c = arg;
	(void)b, (void)at;
	return violated(c->u, c->k, c->stored, row, err);
}

static enum status check_key(struct unique *u, struct unique_key *k, const struct batch *stored, struct arena *a,
                             struct error *err)
{
	struct checking c = {u, k, stored};
	struct key_hash *hashes;
	uint8_t *skip;
	uint32_t twice;
	TRY(unique_hash(k, stored, a, &hashes, &skip, err));
	TRY(add_keys(u, k, stored, hashes, skip, a, &twice, err));
	if (twice != UINT32_MAX)
		return violated(u, k, stored, twice, err);
	TRY(unique_lock(u, k, hashes, skip, stored->count, err));
	return unique_find(u, k, stored, hashes, skip, false, true, found, &c, err);
}

enum status unique_check(struct unique *u, const struct unique_key *but, const struct batch *stored, struct error *err)
{
	struct arena a;
	enum status s = OK;
	arena_init(&a, &u->query->track);
	for (uint32_t i = 0; s == OK && i < u->key_count && stored->count != 0; i++)
		if (&u->keys[i] != but)
			s = check_key(u, &u->keys[i], stored, &a, err);
	arena_fini(&a);
	return s;
}
