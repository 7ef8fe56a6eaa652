// SPDX-License-Identifier: Apache-2.0
/* Inserting: blocks are gathered until a part is worth writing, then sorted, split by partition and written. */
#include <stdlib.h>
#include "base/clock.h"
#include "engine/mergetree_impl.h"
#include "storage/merge_rows.h"

enum { PART_ROWS = 1 << 20, PART_BLOCKS = 1 << 15 };
static const uint64_t part_bytes = 768u << 20;
/* A block larger than this is worth its parts in every partition. */
enum { DELTA_BLOCK_ROWS = 4 * 65536, DELTA_BLOCK_BYTES = 32 << 20 };

struct sink {
	struct insert_sink base;
	struct table *table;
	struct txn *txn;
	struct table_keys *keys;
	const struct eval_session *session;
	struct memtrack *track;
	struct part_change *change;
	struct arena arena;
	struct batch **blocks;      /* gathered; owned */
	size_t count, capacity;
	uint64_t rows, bytes;
	bool on_disk;               /* large: all of it becomes parts */
	/* deduplication */
	struct holder *holder;      /* of this insert's claims; NULL: it makes none */
	bool by_rows;               /* so are equal blocks */
	bool dropped;               /* a block was known */
};

/* What the change gives back at its end. */
struct holder {
	struct insert_claims *claims;
};

static void drop_blocks(struct sink *s)
{
	for (size_t i = 0; i < s->count; i++)
		batch_free(s->blocks[i]);
	s->count = 0;
	s->rows = s->bytes = 0;
}

/* A setting as text; the default where a session has no settings. */
static struct str setting_of(const struct eval_session *session, struct str name, struct str value, struct arena *a)
{
	struct error ignored;
	struct str got = value;
	if (session == NULL || session->services == NULL || session->services->setting == NULL)
		return value;
	error_init(&ignored);
	return session->services->setting(session->services_arg, name, a, &got, &ignored) == OK ? got : value;
}

static bool setting_is_on(const struct eval_session *session, struct str name)
{
	struct arena a;
	arena_init(&a, NULL);
	struct str value = setting_of(session, name, STR("1"), &a);
	bool off = str_eq(value, STR("0")) || str_eq_nocase(value, STR("false")) || str_eq_nocase(value, STR("off"))
	           || str_eq_nocase(value, STR("disable"));
	arena_fini(&a);
	return !off;
}

/* ---- deduplication ---- */

enum { CLAIM_TIMEOUT_S = 60 };

static void end_claims(void *arg)
{
	struct holder *h = arg;
	insert_claims_end(h->claims, h);
	insert_claims_unref(h->claims);
	free(h);
}

/* Claims the hash for this insert; *known: somebody had it before. */
static enum status claim(struct sink *s, struct hash128 hash, bool *known, struct error *err)
{
	const struct merge_settings *set = &s->keys->settings;
	struct claim_request r = {.txn = s->txn, .slot = s->table->def->slot, .hash = hash,
	                          .timeout_us = (int64_t)CLAIM_TIMEOUT_S * 1000000};
	r.since_s = set->token_seconds == 0 ? INT64_MIN : clock_wall_us() / 1000000 - (int64_t)set->token_seconds;
	if (s->holder == NULL) {
		s->holder = calloc(1, sizeof *s->holder);
		if (s->holder == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		s->holder->claims = insert_claims_ref(mergetree_of(s->table)->claims);
		part_change_on_end(s->change, end_claims, s->holder);
	}
	TRY(insert_claims_take(s->holder->claims, s->holder, &r, known, err));
	if (!*known)
		part_change_token(s->change, hash, set->token_window);
	return OK;
}

/* by_rows: equal blocks may be the same insert, too. */
static enum status sink_deduplicate(struct insert_sink *base, bool by_rows, bool *known, struct error *err)
{
	struct sink *s = (struct sink *)base;
	struct arena a;
	enum status st = OK;
	*known = false;
	if (!setting_is_on(s->session, STR("insert_deduplicate"))
	    || !setting_is_on(s->session, STR("deduplicate_insert")))
		return OK;
	arena_init(&a, NULL);
	struct str token = setting_of(s->session, STR("insert_deduplication_token"), STR(""), &a);
	if (token.size != 0)
		st = claim(s, siphash128(token.data, token.size, 0, 0), known, err);
	else /* the same rows twice are two inserts in PostgreSQL */
		s->by_rows = by_rows && s->keys->settings.token_by_rows && s->session != NULL
		             && s->session->dialect == DIALECT_CLICKHOUSE;
	arena_fini(&a);
	return st;
}

/* ---- writing ---- */

static enum status write_parts(struct sink *s, struct vector **stored, const struct block_list *list,
                               struct error *err)
{
	struct arena a;
	struct block_pieces pieces = {0};
	struct delta_schema *schema = NULL;
	struct block_target target = {.keys = s->keys, .session = s->session, .track = s->track, .list = *list,
	                              .plain_bytes = s->bytes,
	                              .fold = setting_is_on(s->session, STR("optimize_on_insert"))};
	TRY(mergetree_place(s->table, s->txn, &target.place, err));
	arena_init(&a, s->track);
	enum status st = OK;
	bool in_memory = !s->on_disk && mergetree_wait_for_room();
	if (in_memory || s->by_rows)
		st = mergetree_delta_schema(s->table, s->keys, &schema, err);
	target.schema = in_memory ? schema : NULL;
	bool known = false;
	if (st == OK && s->by_rows) {
		struct hash128 hash;
		st = block_hash(schema, stored, s->track, &hash, err);
		if (st == OK)
			st = claim(s, hash, &known, err);
		s->dropped |= known;
	}
	if (st == OK && !known)
		st = block_to_pieces(&target, stored, &a, &pieces, err);
	for (uint32_t i = 0; i < pieces.part_count; i++) {
		if (st == OK)
			st = part_change_add(s->change, pieces.parts[i], true, err);
		pieces.parts[i]->retired = st != OK;
		part_unref(pieces.parts[i]);
	}
	for (uint32_t i = 0; i < pieces.delta_count; i++) {
		struct delta_piece *d = &pieces.deltas[i];
		if (st == OK)
			st = part_change_append(s->change, d->partition_id, d->partition, d->block, err);
		if (st != OK)
			delta_block_unref(d->block);
	}
	delta_schema_unref(schema);
	arena_fini(&a);
	table_place_unref(target.place);
	return st;
}

/* The columns that have to be there as one vector each; the others are taken from the blocks. */
static enum status join_columns(struct sink *s, const struct block_list *l, bool all, struct vector **stored,
                                struct error *err)
{
	const struct table_keys *k = s->keys;
	uint32_t n = 0;
	uint32_t *columns = ARENA_ARRAY(&s->arena, uint32_t, k->stored_count + 1);
	if (!all)
		needed_columns(k, k->all, k->sort_count + k->partition_count, columns, &n);
	for (uint32_t c = 0; all && c < k->stored_count; c++)
		columns[n++] = c;
	for (uint32_t i = 0; i < n; i++)
		TRY(block_list_join(l, columns[i], s->track, &stored[columns[i]], err));
	return OK;
}

static enum status flush(struct sink *s, struct error *err)
{
	if (s->rows == 0)
		return OK;
	uint32_t n = s->keys->stored_count;
	s->on_disk = s->on_disk || s->rows > DELTA_BLOCK_ROWS || s->bytes > DELTA_BLOCK_BYTES;
	struct vector **stored = calloc(n + 1, sizeof *stored);
	enum status st = stored == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	struct block_list l = {s->blocks, (uint32_t)s->count, (uint32_t)s->rows};
	bool joined = s->count == 1 || !s->on_disk || s->by_rows;
	if (st == OK)
		st = join_columns(s, &l, joined, stored, err);
	if (joined)
		l.count = 0;
	if (st == OK)
		st = write_parts(s, stored, &l, err);
	drop_blocks(s);
	for (uint32_t i = 0; stored != NULL && i < n; i++)
		vector_unref(stored[i]);
	free(stored);
	return st;
}

/* A sign says whether a row is or was: 1 or -1. */
static enum status check_sign(const struct table_keys *k, const struct batch *block, struct error *err)
{
	if (k->sign == UINT32_MAX)
		return OK;
	const struct vector *sign = block->columns[k->sign];
	for (uint32_t i = 0; i < block->count; i++) {
		const struct vector *at;
		uint32_t row = vector_index(sign, i, &at);
		int8_t v = ((const int8_t *)at->data)[row];
		if (v != 1 && v != -1)
			return ERR(err, E_INCORRECT_DATA, "Incorrect data: Sign = %d (must be 1 or -1).", v);
	}
	return OK;
}

static enum status keep_block(struct sink *s, const struct batch *block, uint32_t from, uint32_t n, struct error *err)
{
	struct batch *mine;
	TRY(batch_new(block->column_count, &mine, err));
	mine->count = n;
	for (uint32_t i = 0; i < block->column_count; i++) {
		enum status st = vector_slice(s->track, block->columns[i], from, n, &mine->columns[i], err);
		if (st != OK) {
			batch_free(mine);
			return st;
		}
		s->bytes += vector_plain_bytes(mine->columns[i]);
	}
	s->rows += n;
	ARENA_PUSH(&s->arena, s->blocks, s->count, s->capacity, mine);
	return OK;
}

static enum status sink_write(struct insert_sink *base, const struct batch *block, struct error *err)
{
	struct sink *s = (struct sink *)base;
	if (block->count == 0)
		return OK;
	if (block->column_count != s->keys->stored_count)
		return ERR(err, E_LOGICAL_ERROR, "a block of %u columns for a table that stores %u", block->column_count,
		           s->keys->stored_count);
	TRY(check_sign(s->keys, block, err));
	/* a block larger than a list of blocks takes is a part by itself */
	bool alone = s->count == 0 && block->count >= PART_ROWS / 2;
	for (uint32_t at = 0, n; at < block->count; at += n) {
		n = block->count - at;
		if (!alone && n > BLOCK_SOURCE_ROWS)
			n = BLOCK_SOURCE_ROWS;
		TRY(keep_block(s, block, at, n, err));
	}
	bool full = alone || s->rows >= PART_ROWS || s->bytes >= part_bytes || s->count >= BLOCK_SOURCE_BLOCKS - PART_BLOCKS;
	return full ? flush(s, err) : OK;
}

static enum status sink_finish(struct insert_sink *base, struct error *err)
{
	struct sink *s = (struct sink *)base;
	TRY(flush(s, err));
	if (s->dropped && part_change_is_empty(s->change)) {
		base->repeated = true; /* sink_free drops the change */
		return OK;
	}
	if (part_change_adds(s->change))
		TRY(mergetree_wait_for_merges(s->table, txn_manager_of(s->txn), &s->keys->settings, err));
	struct change *c = part_change_base(s->change);
	bool work = part_change_adds(s->change) || mergetree_delta_is_full();
	s->change = NULL;
	enum status st = txn_add_change(s->txn, c, err);
	if (work)
		mergetree_wake_merges();
	return st;
}

static void sink_free(struct insert_sink *base)
{
	struct sink *s = (struct sink *)base;
	drop_blocks(s);
	if (s->change != NULL) {
		/* never given to the transaction: nothing of it remains */
		struct change *c = part_change_base(s->change);
		c->ops->rolled_back(c);
		c->ops->free(c);
	}
	table_keys_unref(s->keys);
	arena_fini(&s->arena);
	free(s);
}

static const struct insert_sink_ops sink_ops = {
	.write = sink_write,
	.finish = sink_finish,
	.deduplicate = sink_deduplicate,
	.free = sink_free,
};

enum status mergetree_insert(struct table *t, struct txn *txn, const struct eval_session *session,
                             struct memtrack *track, struct insert_sink **out, struct error *err)
{
	struct sink *s = calloc(1, sizeof *s);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	s->base.ops = &sink_ops;
	s->table = t;
	s->txn = txn;
	s->session = session;
	s->track = track;
	arena_init(&s->arena, track);
	enum status st = mergetree_keys(t, &s->keys, err);
	if (st == OK)
		st = mergetree_change(t, txn, &s->change, err);
	if (st != OK) {
		table_keys_unref(s->keys);
		arena_fini(&s->arena);
		free(s);
		return st;
	}
	part_change_may_create(s->change);
	*out = &s->base;
	return OK;
}
