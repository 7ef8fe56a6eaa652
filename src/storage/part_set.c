// SPDX-License-Identifier: Apache-2.0
#include "storage/part_set.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/log.h"
#include "storage/delta_change.h"
#include "storage/key_map.h"
#include "storage/marks.h"
#include "storage/part_forward.h"
#include "txn/cursor.h"

enum { SET_FORMAT = 2, COUNT_MAX = 1 << 24 }; /* of a set; 1 had no marks */
enum { CHANGE_MAY_CREATE = 1, CHANGE_HAS_SCHEMA = 4, CHANGE_HAS_ROWS = 8, CHANGE_HAS_MARKS = 16,
       CHANGE_HAS_TOKENS = 32 };
enum { PART_WIDE, PART_COMPACT, PART_IN_MEMORY };

struct part_change {
	struct change base;
	struct table_place *place;
	bool may_create;
	struct schema_names *schema;
	struct part_forward *forward; /* of a merge; NULL: it is none */
	uint32_t add_count, add_capacity, remove_count, remove_capacity;
	struct added {
		struct part *part;
		bool new_block;
		struct row_set *marks;  /* it comes with; NULL: none */
		struct row_set *carried; /* with those that its sources got meanwhile: as of the last apply */
	} *adds;
	struct removed {
		struct part *part;
		enum part_fate fate;
	} *removes;
	struct arena arena;      /* of the two lists below */
	struct block_range {
		struct str partition;
		uint64_t max_block;
		enum part_fate fate;
	} *ranges;
	size_t range_count, range_capacity;
	char **paths;
	size_t path_count, path_capacity;
	struct delta_appends appends;
	struct insert_token *tokens;
	size_t token_count, token_capacity;
	uint64_t token_window;
	void (*on_end)(void *arg);
	void *on_end_arg;
	/* what the last apply decided */
	bool new_schema;         /* the base did not know it */
	uint64_t next_block;
	struct removed *gone;    /* references to all parts that it removed */
	uint32_t gone_count;
};

static const struct change_ops part_change_ops;

/* ---- places and schemas ---- */

struct table_place *table_place_new(const char *dir)
{
	size_t n = strlen(dir) + 1;
	struct table_place *p = calloc(1, sizeof *p + n);
	if (p == NULL)
		return NULL;
	p->references = 1;
	memcpy(p->dir, dir, n);
	return p;
}

struct table_place *table_place_ref(struct table_place *p)
{
	p->references++;
	return p;
}

void table_place_unref(struct table_place *p)
{
	if (p == NULL || --p->references != 0)
		return;
	struct error err;
	error_init(&err);
	if (p->dropped && file_remove_tree(p->dir, &err) != OK)
		LOG(LOG_WARNING, "storage", "%s", err.message);
	free(p);
}

/* Not file_mkdirs(): a directory that is there may be one whose name was never made safe. */
enum status table_place_make(struct table_place *p, struct error *err)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	char parent[4096];
	enum status st = OK;
	snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(p->dir, '/') - p->dir), p->dir);
	pthread_mutex_lock(&mutex);
	if (!p->made && !file_is_directory(p->dir)) {
		st = file_mkdirs(parent, true, err);
		if (st == OK)
			st = file_mkdir(p->dir, err);
	}
	if (st == OK && !p->made)
		st = file_sync_dir(parent, err);
	p->made |= st == OK;
	pthread_mutex_unlock(&mutex);
	return st;
}

void table_place_path(const char *data, struct str id, char *to, size_t size)
{
	snprintf(to, size, "%s/store/%.*s", data, STR_ARG(id));
}

/* The last component of the directory: the table's uuid. */
static struct str place_id(const struct table_place *p)
{
	const char *slash = strrchr(p->dir, '/');
	return str_of(slash == NULL ? p->dir : slash + 1);
}

struct schema_names *schema_names_new(uint64_t schema_version, const struct schema_column *columns, uint32_t count)
{
	size_t size = sizeof(struct schema_names) + count * sizeof *columns;
	for (uint32_t i = 0; i < count; i++)
		size += columns[i].name.size;
	struct schema_names *s = calloc(1, size);
	if (s == NULL)
		return NULL;
	char *text = (char *)(s->columns + count);
	s->references = 1;
	s->schema_version = schema_version;
	s->count = count;
	for (uint32_t i = 0; i < count; i++) {
		memcpy(text, columns[i].name.data, columns[i].name.size);
		s->columns[i] = (struct schema_column){columns[i].number, {text, columns[i].name.size}};
		text += columns[i].name.size;
	}
	return s;
}

void schema_names_unref(struct schema_names *s)
{
	if (s != NULL && --s->references == 0)
		free(s);
}

const struct schema_names *part_set_schema(const struct part_set *s, uint64_t schema_version)
{
	for (uint32_t i = 0; i < s->schema_count; i++)
		if (s->schemas[i]->schema_version == schema_version)
			return s->schemas[i];
	return NULL;
}

struct part *part_set_find(const struct part_set *s, struct str name)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (str_eq(str_of(s->parts[i]->name_text), name))
			return s->parts[i];
	return NULL;
}

/* ---- sets ---- */

static void set_destroy(struct version *v)
{
	struct part_set *s = (struct part_set *)v;
	for (uint32_t i = 0; i < s->count; i++) {
		part_unref(s->parts[i]);
		row_set_unref(s->marks[i]);
	}
	for (uint32_t i = 0; i < s->schema_count; i++)
		schema_names_unref(s->schemas[i]);
	delta_schema_unref(s->delta_schema);
	token_list_unref(s->tokens);
	free(s->schemas);
	free(s->marks);
	table_place_unref(s->place);
	free(s);
}

static struct part_set *set_new(struct table_place *place, uint32_t parts, uint32_t schemas)
{
	struct part_set *s = calloc(1, sizeof *s + parts * sizeof s->parts[0]);
	if (s == NULL)
		return NULL;
	version_init(&s->version, &part_set_kind);
	s->place = table_place_ref(place);
	s->schemas = calloc(schemas + 1, sizeof *s->schemas);
	s->marks = calloc(parts + 1, sizeof *s->marks);
	if (s->schemas == NULL || s->marks == NULL) {
		set_destroy(&s->version);
		return NULL;
	}
	return s;
}

static int by_block(const void *a, const void *b)
{
	const struct part *x = ((const struct marked_rows *)a)->part, *y = ((const struct marked_rows *)b)->part;
	int c = str_compare(x->name.partition, y->name.partition);
	if (c != 0)
		return c;
	return x->name.min_block < y->name.min_block ? -1 : x->name.min_block > y->name.min_block;
}

/* Parts with their marks into order. */
static enum status sort_parts(struct part_set *s, struct error *err)
{
	bool sorted = true;
	struct marked_rows *list = calloc(s->count + 1, sizeof *list);
	if (list == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint32_t i = 0; i < s->count; i++) {
		list[i] = (struct marked_rows){s->parts[i], s->marks[i]};
		sorted = sorted && (i == 0 || by_block(&list[i - 1], &list[i]) <= 0);
	}
	if (!sorted)
		qsort(list, s->count, sizeof *list, by_block);
	for (uint32_t i = 0; i < s->count && !sorted; i++) {
		s->parts[i] = list[i].part;
		s->marks[i] = list[i].rows;
	}
	free(list);
	return OK;
}

static enum status set_finish(struct part_set *s, struct error *err)
{
	TRY(sort_parts(s, err));
	s->rows = s->bytes_on_disk = s->bytes_plain = 0;
	for (uint32_t i = 0; i < s->count; i++) {
		s->rows += s->parts[i]->rows - (s->marks[i] == NULL ? 0 : s->marks[i]->count);
		s->bytes_on_disk += s->parts[i]->bytes_on_disk;
		s->bytes_plain += s->parts[i]->bytes_plain;
	}
	return OK;
}

static uint32_t index_of(const struct part_set *s, const struct part_identity *identity)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (s->parts[i]->identity == identity)
			return i;
	return UINT32_MAX;
}

uint32_t part_set_index(const struct part_set *s, const struct part *p)
{
	return index_of(s, p->identity);
}

static void add_schema(struct part_set *s, struct schema_names *names)
{
	names->references++;
	s->schemas[s->schema_count++] = names;
}

static bool set_uses(const struct part_set *s, uint64_t schema_version)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (s->parts[i]->schema_version == schema_version)
			return true;
	return false;
}

enum status part_set_with_marks(const struct part_set *base, struct row_set *const *marks, struct part_set **out,
                                struct error *err)
{
	struct part_set *s = set_new(base->place, base->count, base->schema_count);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (base->delta_schema != NULL)
		s->delta_schema = delta_schema_ref(base->delta_schema);
	s->tokens = token_list_ref(base->tokens);
	for (; s->count < base->count; s->count++) {
		s->parts[s->count] = part_ref(base->parts[s->count]);
		s->marks[s->count] = row_set_ref(marks[s->count]);
	}
	for (uint32_t i = 0; i < base->schema_count; i++)
		add_schema(s, base->schemas[i]);
	s->next_block = base->next_block;
	enum status st = set_finish(s, err);
	if (st != OK) {
		set_destroy(&s->version);
		return st;
	}
	*out = s;
	return OK;
}

/* ---- changes ---- */

struct part_change *part_change_new(uint32_t slot, struct table_place *place)
{
	struct part_change *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	c->base.ops = &part_change_ops;
	c->base.slot = slot;
	c->place = table_place_ref(place);
	arena_init(&c->arena, NULL);
	return c;
}

struct change *part_change_base(struct part_change *c)
{
	return &c->base;
}

void part_change_may_create(struct part_change *c)
{
	c->may_create = true;
}

enum status part_change_remove_blocks(struct part_change *c, struct str partition, uint64_t max_block,
                                      enum part_fate fate, struct error *err)
{
	(void)err;
	struct block_range r = {arena_str(&c->arena, partition), max_block, fate};
	c->base.destructive = true;
	ARENA_PUSH(&c->arena, c->ranges, c->range_count, c->range_capacity, r);
	return OK;
}

enum status part_change_remove_path(struct part_change *c, const char *path, struct error *err)
{
	(void)err;
	char *copy = arena_strdup(&c->arena, path);
	c->base.destructive = true;
	ARENA_PUSH(&c->arena, c->paths, c->path_count, c->path_capacity, copy);
	return OK;
}

void part_change_schema(struct part_change *c, struct schema_names *names)
{
	schema_names_unref(c->schema);
	c->schema = names;
}

enum status part_change_add(struct part_change *c, struct part *p, bool new_block, struct error *err)
{
	if (c->add_count == c->add_capacity) {
		uint32_t n = c->add_capacity == 0 ? 4 : c->add_capacity * 2;
		struct added *more = realloc(c->adds, n * sizeof *more);
		if (more == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		c->adds = more;
		c->add_capacity = n;
	}
	c->adds[c->add_count++] = (struct added){.part = part_ref(p), .new_block = new_block};
	return OK;
}

void part_change_marks(struct part_change *c, struct row_set *marks)
{
	c->adds[c->add_count - 1].marks = row_set_ref(marks);
}

void part_change_forward(struct part_change *c, struct part_forward *f)
{
	part_forward_unref(c->forward);
	c->forward = f;
}

enum status part_change_remove(struct part_change *c, const struct part *p, enum part_fate fate, struct error *err)
{
	if (c->remove_count == c->remove_capacity) {
		uint32_t n = c->remove_capacity == 0 ? 4 : c->remove_capacity * 2;
		struct removed *more = realloc(c->removes, n * sizeof *more);
		if (more == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		c->removes = more;
		c->remove_capacity = n;
	}
	c->base.destructive = true;
	c->removes[c->remove_count++] = (struct removed){part_ref(p), fate};
	return OK;
}

enum status part_change_append(struct part_change *c, struct str partition_id, struct str partition,
                               struct delta_block *b, struct error *err)
{
	return delta_appends_add(&c->appends, &c->arena, partition_id, partition, b, err);
}

void part_change_token(struct part_change *c, struct hash128 hash, uint64_t window)
{
	struct insert_token t = {hash, clock_wall_us() / 1000000};
	ARENA_PUSH(&c->arena, c->tokens, c->token_count, c->token_capacity, t);
	c->token_window = window;
}

void part_change_on_end(struct part_change *c, void (*fn)(void *arg), void *arg)
{
	c->on_end = fn;
	c->on_end_arg = arg;
}

bool part_change_adds(const struct part_change *c)
{
	return c->add_count != 0;
}

bool part_change_is_empty(const struct part_change *c)
{
	return c->add_count == 0 && c->appends.count == 0;
}

void part_change_seal(struct part_change *c, struct str partition_id)
{
	c->appends.seal = true;
	c->appends.seal_partition = arena_str(&c->arena, partition_id);
}

static void forget_gone(struct part_change *c)
{
	for (uint32_t i = 0; i < c->gone_count; i++)
		part_unref(c->gone[i].part);
	free(c->gone);
	c->gone = NULL;
	c->gone_count = 0;
}

void part_change_free(struct part_change *c)
{
	forget_gone(c);
	for (uint32_t i = 0; i < c->add_count; i++) {
		part_unref(c->adds[i].part);
		row_set_unref(c->adds[i].marks);
		row_set_unref(c->adds[i].carried);
	}
	for (uint32_t i = 0; i < c->remove_count; i++)
		part_unref(c->removes[i].part);
	delta_appends_fini(&c->appends);
	if (c->on_end != NULL)
		c->on_end(c->on_end_arg);
	free(c->adds);
	free(c->removes);
	part_forward_unref(c->forward);
	schema_names_unref(c->schema);
	table_place_unref(c->place);
	arena_fini(&c->arena);
	free(c);
}

/* *by_name: one of those that must be there. */
static bool is_removed(const struct part_change *c, const struct part *p, enum part_fate *fate, bool *by_name)
{
	*by_name = true;
	for (uint32_t i = 0; i < c->remove_count; i++)
		if (c->removes[i].part == p) {
			*fate = c->removes[i].fate;
			return true;
		}
	*by_name = false;
	for (size_t i = 0; i < c->range_count; i++) {
		const struct block_range *r = &c->ranges[i];
		*fate = r->fate;
		if ((r->partition.size == 0 || str_eq(r->partition, p->name.partition)) && p->name.max_block <= r->max_block)
			return true;
	}
	return false;
}

/* A range ends where a delta was sealed before; one that has grown over the end since then belongs to others, too. */
static bool is_cut(const struct part_change *c, const struct part *p)
{
	for (size_t i = 0; p->delta != NULL && i < c->range_count; i++) {
		const struct block_range *r = &c->ranges[i];
		if ((r->partition.size == 0 || str_eq(r->partition, p->name.partition)) && p->name.min_block <= r->max_block
		    && p->name.max_block > r->max_block)
			return true;
	}
	return false;
}

/* What stays goes to s, what goes to c->gone. */
static enum status keep_parts(struct part_change *c, const struct part_set *base, struct part_set *s, uint32_t *found,
                              struct error *err)
{
	for (uint32_t i = 0; i < base->count; i++) {
		struct part *p = base->parts[i];
		enum part_fate fate;
		bool by_name;
		if (!is_removed(c, p, &fate, &by_name)) {
			if (is_cut(c, p))
				return ERR(err, E_SERIALIZATION_FAILURE, "rows were inserted into partition %.*s by another transaction",
				           STR_ARG(p->name.partition));
			s->marks[s->count] = row_set_ref(base->marks[i]);
			s->parts[s->count++] = part_ref(p);
			continue;
		}
		if (p->delta != NULL && fate == PART_DETACHED)
			return ERR(err, E_SERIALIZATION_FAILURE, "rows that are still in memory cannot be detached");
		c->gone[c->gone_count++] = (struct removed){part_ref(p), fate};
		*found += by_name;
	}
	return OK;
}

/* The commit is certain of its place now: names from block numbers. */
static enum status name_parts(struct part_change *c, uint64_t csn, struct error *err)
{
	for (uint32_t i = 0; i < c->add_count; i++) {
		struct part *p = c->adds[i].part;
		p->csn = csn;
		if (!c->adds[i].new_block || csn == TXN_CSN_PRIVATE)
			continue;
		struct part_name n = p->name;
		n.min_block = n.max_block = c->next_block++;
		TRY(part_set_name(p, &n, err));
	}
	return OK;
}

/* Marks that the sources of a merge got since it read them, as marks of what it made. */
static enum status carry_marks(struct part_change *c, const struct part_set *base, struct error *err)
{
	const struct part_forward *f = c->forward;
	for (uint32_t i = 0; i < c->add_count; i++) {
		row_set_unref(c->adds[i].carried);
		c->adds[i].carried = row_set_ref(c->adds[i].marks);
	}
	for (uint32_t i = 0; f != NULL && i < f->count; i++) {
		uint32_t at = index_of(base, f->sources[i].identity);
		const struct row_set *now = at == UINT32_MAX ? NULL : base->marks[at];
		struct row_set *moved = NULL, *all = NULL;
		bool folded;
		if (now == f->sources[i].consumed || row_set_within(now, f->sources[i].consumed))
			continue;
		if (f->folds)
			return ERR(err, E_SERIALIZATION_FAILURE, "rows were deleted while their parts were merged");
		if (f->target == NULL)
			continue;
		/* rows that the merge has seen marked are dropped ones to it */
		TRY(part_forward_rows(f, i, now, &moved, &folded, err));
		enum status st = row_set_union(c->adds[0].carried, moved, &all, err);
		row_set_unref(moved);
		TRY(st);
		row_set_unref(c->adds[0].carried);
		c->adds[0].carried = all;
	}
	return OK;
}

static enum status change_apply_parts(struct change *x, const struct version *v, uint64_t csn, struct version **out,
                                      struct error *err)
{
	struct part_change *c = (struct part_change *)x;
	const struct part_set *base = (const struct part_set *)v;
	if (base == NULL && !c->may_create)
		return ERR(err, E_SERIALIZATION_FAILURE, "the table was dropped by another transaction");
	uint32_t base_count = base == NULL ? 0 : base->count, schemas = base == NULL ? 0 : base->schema_count;
	struct part_set *s = set_new(c->place, base_count + c->add_count + (uint32_t)c->appends.count, schemas + 1);
	forget_gone(c);
	c->gone = calloc((size_t)base_count + 1, sizeof *c->gone);
	if (s == NULL || c->gone == NULL) {
		if (s != NULL)
			set_destroy(&s->version);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	uint32_t found = 0;
	enum status st = base == NULL ? OK : keep_parts(c, base, s, &found, err);
	c->next_block = base == NULL ? 1 : base->next_block;
	if (st == OK && found != c->remove_count)
		st = ERR(err, E_SERIALIZATION_FAILURE, "a part that was to be replaced is not there any more");
	if (st == OK)
		st = name_parts(c, csn, err);
	if (st == OK)
		st = carry_marks(c, base, err);
	for (uint32_t i = 0; st == OK && i < c->add_count; i++) {
		s->marks[s->count] = row_set_ref(c->adds[i].carried);
		s->parts[s->count++] = part_ref(c->adds[i].part);
	}
	s->delta_schema = base == NULL || base->delta_schema == NULL ? NULL : delta_schema_ref(base->delta_schema);
	if (st == OK && c->token_count != 0)
		st = token_list_add(base == NULL ? NULL : base->tokens, c->tokens, c->token_count, c->token_window, &s->tokens, err);
	else if (base != NULL)
		s->tokens = token_list_ref(base->tokens);
	if (st == OK)
		st = delta_appends_apply(&c->appends, s, &c->next_block, csn, err);
	s->next_block = c->next_block;
	if (st == OK)
		st = set_finish(s, err);
	if (st == OK && c->forward != NULL && csn != TXN_CSN_PRIVATE)
		st = part_forward_publish(c->forward, err);
	for (uint32_t i = 0; i < schemas; i++)
		if (set_uses(s, base->schemas[i]->schema_version) || i + 1 == schemas)
			add_schema(s, base->schemas[i]);
	c->new_schema = c->schema != NULL && part_set_schema(s, c->schema->schema_version) == NULL;
	if (c->new_schema)
		add_schema(s, c->schema);
	if (st != OK) {
		set_destroy(&s->version);
		return st;
	}
	*out = &s->version;
	return OK;
}

/* ---- on disk: a part, a schema, a set, a change; version 1 ---- */

static void put_part(struct strbuf *to, struct part *p)
{
	cursor_put_str(to, str_of(p->name_text));
	pthread_mutex_lock(&p->mutex);
	cursor_put_str(to, str_of(p->sub));
	pthread_mutex_unlock(&p->mutex);
	strbuf_put_varuint(to, p->rows);
	strbuf_put_varuint(to, p->granules);
	strbuf_put_varuint(to, p->bytes_on_disk);
	strbuf_put_varuint(to, p->bytes_plain);
	strbuf_put_varuint(to, p->schema_version);
	strbuf_put_varuint(to, (uint64_t)p->modified_us);
	strbuf_put_varuint(to, p->csn);
	strbuf_putc(to, p->delta != NULL ? PART_IN_MEMORY : p->compact ? PART_COMPACT : PART_WIDE);
	if (p->delta != NULL)
		delta_part_encode(p, to);
}

static enum status get_part(struct cursor *c, const char *dir, struct part **out, struct error *err)
{
	struct str name = cursor_str(c), sub = cursor_str(c);
	char sub_text[512];
	if (c->failed || sub.size >= sizeof sub_text)
		return ERR(err, E_CORRUPTED_DATA, "a record of a part is damaged");
	snprintf(sub_text, sizeof sub_text, "%.*s", STR_ARG(sub));
	struct part *p;
	TRY(part_new(name, dir, sub_text, &p, err));
	p->rows = cursor_varuint(c);
	p->granules = cursor_varuint(c);
	p->bytes_on_disk = cursor_varuint(c);
	p->bytes_plain = cursor_varuint(c);
	p->schema_version = cursor_varuint(c);
	p->modified_us = (int64_t)cursor_varuint(c);
	p->csn = cursor_varuint(c);
	unsigned form = (unsigned)cursor_le(c, 1);
	p->compact = form == PART_COMPACT;
	enum status st = form == PART_IN_MEMORY ? delta_part_decode(p, c, err) : OK;
	if (st != OK) {
		part_unref(p);
		return st;
	}
	*out = p;
	return OK;
}

static void put_schema(struct strbuf *to, const struct schema_names *s)
{
	strbuf_put_varuint(to, s->schema_version);
	strbuf_put_varuint(to, s->count);
	for (uint32_t i = 0; i < s->count; i++) {
		strbuf_put_varuint(to, s->columns[i].number);
		cursor_put_str(to, s->columns[i].name);
	}
}

static enum status get_schema(struct cursor *c, struct schema_names **out, struct error *err)
{
	uint64_t version = cursor_varuint(c), count = cursor_varuint(c);
	if (c->failed || count > cursor_left(c))
		return ERR(err, E_CORRUPTED_DATA, "a record of a table's columns is damaged");
	struct schema_column *columns = calloc(count + 1, sizeof *columns);
	if (columns == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint64_t i = 0; i < count; i++) {
		columns[i].number = (uint32_t)cursor_varuint(c);
		columns[i].name = cursor_str(c);
	}
	*out = schema_names_new(version, columns, (uint32_t)count);
	free(columns);
	return *out == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
}

static enum status set_save(void *context, const struct version *v, struct strbuf *out, struct error *err)
{
	(void)context, (void)err;
	const struct part_set *s = (const struct part_set *)v;
	strbuf_putc(out, SET_FORMAT);
	cursor_put_str(out, place_id(s->place));
	strbuf_put_varuint(out, s->next_block);
	strbuf_put_varuint(out, s->schema_count);
	for (uint32_t i = 0; i < s->schema_count; i++)
		put_schema(out, s->schemas[i]);
	strbuf_put_varuint(out, s->count);
	for (uint32_t i = 0; i < s->count; i++) {
		put_part(out, s->parts[i]);
		row_set_encode(s->marks[i], out);
	}
	strbuf_putc(out, s->delta_schema != NULL);
	if (s->delta_schema != NULL)
		delta_schema_encode(s->delta_schema, out);
	token_list_encode(s->tokens, out);
	return OK;
}

/* An empty set is none. */
static enum status get_marks(struct cursor *c, struct row_set **out, struct error *err)
{
	TRY(row_set_decode(c, out, err));
	if ((*out)->count == 0) {
		row_set_unref(*out);
		*out = NULL;
	}
	return OK;
}

static enum status damaged(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "a record of a table's parts is damaged");
}

/* The data directory may move, so only the last component is kept. */
static enum status get_place(struct cursor *c, const char *data, struct table_place **out, struct error *err)
{
	char dir[4096];
	struct str id = cursor_str(c);
	if (c->failed || id.size >= 256)
		return damaged(err);
	table_place_path(data, id, dir, sizeof dir);
	*out = table_place_new(dir);
	return *out == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
}

static enum status load_rest(struct cursor *c, struct table_place *place, bool with_marks, struct part_set **out,
                             struct error *err)
{
	uint64_t next_block = cursor_varuint(c), schemas = cursor_varuint(c);
	if (c->failed || schemas > COUNT_MAX)
		return damaged(err);
	struct schema_names **list = calloc(schemas + 1, sizeof *list);
	if (list == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	enum status st = OK;
	for (uint64_t i = 0; st == OK && i < schemas; i++)
		st = get_schema(c, &list[i], err);
	uint64_t count = cursor_varuint(c);
	struct part_set *s = NULL;
	if (st == OK && (c->failed || count > COUNT_MAX))
		st = damaged(err);
	if (st == OK && (s = set_new(place, (uint32_t)count, (uint32_t)schemas)) == NULL)
		st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint64_t i = 0; i < schemas; i++) {
		if (st == OK)
			add_schema(s, list[i]);
		schema_names_unref(list[i]);
	}
	free(list);
	while (st == OK && s->count < count) {
		st = get_part(c, place->dir, &s->parts[s->count], err);
		if (st == OK)
			s->count++;
		if (st == OK && with_marks)
			st = get_marks(c, &s->marks[s->count - 1], err);
	}
	if (st == OK && cursor_le(c, 1) != 0)
		st = delta_schema_decode(c, &s->delta_schema, err);
	if (st == OK && cursor_left(c) != 0)
		st = token_list_decode(c, &s->tokens, err);
	if (st == OK && c->failed)
		st = damaged(err);
	if (st == OK)
		st = set_finish(s, err);
	if (st != OK) {
		if (s != NULL)
			set_destroy(&s->version);
		return st;
	}
	s->next_block = next_block;
	*out = s;
	return OK;
}

static enum status set_load(void *context, uint32_t slot, struct str bytes, struct version **out, struct error *err)
{
	(void)slot;
	struct cursor c = cursor_of(bytes);
	struct table_place *place;
	uint64_t format = cursor_le(&c, 1);
	if (format == 0 || format > SET_FORMAT)
		return damaged(err);
	TRY(get_place(&c, context, &place, err));
	struct part_set *s = NULL;
	enum status st = load_rest(&c, place, format == SET_FORMAT, &s, err);
	table_place_unref(place);
	if (st == OK)
		*out = &s->version;
	return st;
}

static enum status change_encode(struct change *x, struct strbuf *out, struct error *err)
{
	(void)err;
	struct part_change *c = (struct part_change *)x;
	bool marks = false;
	for (uint32_t i = 0; i < c->add_count; i++)
		marks = marks || c->adds[i].carried != NULL;
	strbuf_putc(out, PART_SET_FORMAT_CHANGE);
	strbuf_putc(out, (char)((c->may_create ? CHANGE_MAY_CREATE : 0) | (c->new_schema ? CHANGE_HAS_SCHEMA : 0)
	                        | (c->appends.count != 0 ? CHANGE_HAS_ROWS : 0) | (marks ? CHANGE_HAS_MARKS : 0)
	                        | (c->token_count != 0 ? CHANGE_HAS_TOKENS : 0)));
	cursor_put_str(out, place_id(c->place));
	strbuf_put_varuint(out, c->next_block);
	if (c->new_schema)
		put_schema(out, c->schema);
	strbuf_put_varuint(out, c->gone_count);
	for (uint32_t i = 0; i < c->gone_count; i++) {
		strbuf_putc(out, (char)c->gone[i].fate);
		cursor_put_str(out, str_of(c->gone[i].part->name_text));
	}
	strbuf_put_varuint(out, c->add_count);
	for (uint32_t i = 0; i < c->add_count; i++) {
		put_part(out, c->adds[i].part);
		if (marks)
			row_set_encode(c->adds[i].carried, out);
	}
	if (c->appends.count != 0)
		delta_appends_encode(&c->appends, out);
	if (c->token_count != 0) {
		strbuf_put_varuint(out, c->token_window);
		strbuf_put_varuint(out, c->token_count);
	}
	for (size_t i = 0; i < c->token_count; i++)
		insert_token_encode(&c->tokens[i], out);
	return OK;
}

/* Makes renames in the table's directory safe; false: they are not. */
static bool sync_renames(const struct table_place *place, bool renamed, bool detached)
{
	char dir[4096];
	struct error err;
	error_init(&err);
	snprintf(dir, sizeof dir, "%s/detached", place->dir);
	enum status st = detached && file_exists(dir) ? file_sync_dir(dir, &err) : OK;
	if (st == OK && (renamed || detached) && file_exists(place->dir))
		st = file_sync_dir(place->dir, &err);
	if (st != OK)
		LOG(LOG_WARNING, "storage", "%s", err.message);
	return st == OK;
}

/* A part whose directory is gone is set aside with that. */
static bool detach_directory(struct part *p, enum part_fate fate)
{
	char sub[600], dir[4096];
	struct error err;
	error_init(&err);
	part_path(p, dir, sizeof dir);
	if (!file_exists(dir))
		return true;
	snprintf(dir, sizeof dir, "%s/detached", p->table_dir);
	snprintf(sub, sizeof sub, "detached/%s%s", fate == PART_BROKEN ? "broken-on-start_" : "", p->name_text);
	if (file_mkdirs(dir, true, &err) == OK && part_rename(p, sub, &err) == OK)
		return true;
	LOG(LOG_WARNING, "storage", "part %s could not be set aside: %s", p->name_text, err.message);
	return false;
}

/* The name that the commit gave it, whichever its directory has. */
static enum status finish_rename(struct part *p, struct error *err)
{
	char path[4096];
	if (p->delta != NULL || strcmp(p->sub, p->name_text) == 0)
		return OK;
	snprintf(path, sizeof path, "%s/%s", p->table_dir, p->name_text);
	if (!file_exists(path))
		return part_rename(p, p->name_text, err);
	char *sub = strdup(p->name_text);
	if (sub == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	free(p->sub);
	p->sub = sub;
	return OK;
}

/* Redo: the same as apply, by name; detaching is finished here, deleting is left to the clean-up. */
static enum status redo_removes(struct cursor *c, struct part_change *change, const struct part_set *base,
                                struct error *err)
{
	uint64_t count = cursor_varuint(c);
	bool detached = false;
	for (uint64_t i = 0; i < count && !c->failed; i++) {
		uint64_t said = cursor_le(c, 1);
		enum part_fate fate = said == PART_BROKEN ? PART_BROKEN : said != 0 ? PART_DETACHED : PART_DELETED;
		struct str name = cursor_str(c);
		struct part *p = base == NULL ? NULL : part_set_find(base, name);
		if (p == NULL)
			continue;
		if (fate != PART_DELETED) {
			(void)!finish_rename(p, NULL); /* it may be gone already */
			if (!detach_directory(p, fate))
				return ERR(err, E_FILE_WRITE, "part %s of %s could not be set aside", p->name_text, p->table_dir);
			detached = true;
		}
		TRY(part_change_remove(change, p, fate, err));
	}
	if (detached && !sync_renames(change->place, true, true))
		return ERR(err, E_FILE_FSYNC, "parts set aside in %s could not be made safe", change->place->dir);
	return c->failed ? damaged(err) : OK;
}

static enum status redo_change(struct cursor *c, struct part_change *change, const struct part_set *base, uint64_t csn,
                               unsigned flags, struct version **out, struct error *err)
{
	uint64_t next_block = cursor_varuint(c);
	if (flags & CHANGE_HAS_SCHEMA) {
		struct schema_names *names;
		TRY(get_schema(c, &names, err));
		part_change_schema(change, names);
	}
	TRY(redo_removes(c, change, base, err));
	uint64_t count = cursor_varuint(c);
	for (uint64_t i = 0; i < count && !c->failed; i++) {
		struct part *p;
		TRY(get_part(c, change->place->dir, &p, err));
		enum status st = part_change_add(change, p, false, err);
		part_unref(p);
		TRY(st);
		if (flags & CHANGE_HAS_MARKS)
			TRY(get_marks(c, &change->adds[change->add_count - 1].marks, err));
	}
	if (flags & CHANGE_HAS_ROWS)
		TRY(delta_appends_decode(&change->appends, &change->arena, c, base == NULL ? NULL : base->delta_schema, err));
	if (flags & CHANGE_HAS_TOKENS) {
		change->token_window = cursor_varuint(c);
		for (uint64_t n = cursor_varuint(c); n > 0 && !c->failed; n--) {
			struct insert_token t = insert_token_decode(c);
			ARENA_PUSH(&change->arena, change->tokens, change->token_count, change->token_capacity, t);
		}
	}
	if (c->failed)
		return damaged(err);
	TRY(change_apply_parts(&change->base, base == NULL ? NULL : &base->version, csn, out, err));
	((struct part_set *)*out)->next_block = next_block;
	return OK;
}

static enum status set_redo(void *context, uint32_t slot, const struct version *base, struct str bytes, uint64_t csn,
                            struct version **out, struct error *err)
{
	struct cursor c = cursor_of(bytes);
	struct table_place *place;
	uint64_t format = cursor_le(&c, 1);
	if (!c.failed && format == PART_SET_FORMAT_MARKS)
		return marks_redo((struct str){bytes.data + 1, bytes.size - 1}, (const struct part_set *)base, out, err);
	if (format != PART_SET_FORMAT_CHANGE)
		return damaged(err);
	unsigned flags = (unsigned)cursor_le(&c, 1);
	TRY(get_place(&c, context, &place, err));
	struct part_change *change = part_change_new(slot, place);
	table_place_unref(place);
	if (change == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	change->may_create = (flags & CHANGE_MAY_CREATE) != 0;
	enum status st = redo_change(&c, change, (const struct part_set *)base, csn, flags, out, err);
	part_change_free(change);
	return st;
}

/* A record names directories, so their names come to the disk before it. */
static enum status change_prepare(struct change *x, struct error *err)
{
	struct part_change *c = (struct part_change *)x;
	return c->add_count != 0 ? file_sync_dir(c->place->dir, err) : OK;
}

static void change_committed(struct change *x, uint64_t csn)
{
	(void)csn;
	struct part_change *c = (struct part_change *)x;
	struct error err;
	bool renamed = c->add_count != 0, detached = false;
	error_init(&err);
	for (uint32_t i = 0; i < c->add_count; i++) {
		struct part *p = c->adds[i].part;
		if (part_rename(p, p->name_text, &err) != OK) {
			LOG(LOG_WARNING, "storage", "part %s keeps its temporary name: %s", p->name_text, err.message);
			error_clear(&err);
		}
	}
	for (uint32_t i = 0; i < c->gone_count; i++) {
		if (c->gone[i].fate != PART_DELETED) {
			x->unsettled |= !detach_directory(c->gone[i].part, c->gone[i].fate);
			detached = true;
		} else {
			c->gone[i].part->retired = true;
		}
	}
	for (size_t i = 0; i < c->path_count; i++)
		if (file_remove_tree(c->paths[i], &err) != OK) {
			LOG(LOG_WARNING, "storage", "%s", err.message);
			error_clear(&err);
		}
	if (!sync_renames(c->place, renamed, detached))
		x->unsettled = true;
}

static void change_rolled_back(struct change *x)
{
	struct part_change *c = (struct part_change *)x;
	if (c->forward != NULL)
		part_forward_withdraw(c->forward);
	for (uint32_t i = 0; i < c->add_count && !x->in_doubt; i++)
		c->adds[i].part->retired = true;
}

static void change_free(struct change *x)
{
	part_change_free((struct part_change *)x);
}

static void set_dropped(void *context, uint32_t slot, const struct version *v)
{
	(void)context, (void)slot;
	const struct part_set *s = (const struct part_set *)v;
	for (uint32_t i = 0; i < s->count; i++)
		s->parts[i]->retired = true;
	s->place->dropped = true;
}

static const struct change_ops part_change_ops = {
	.kind = &part_set_kind,
	.apply = change_apply_parts,
	.prepare = change_prepare,
	.encode = change_encode,
	.committed = change_committed,
	.rolled_back = change_rolled_back,
	.free = change_free,
};

const struct version_kind part_set_kind = {
	.id = PART_SET_KIND,
	.name = "parts of a table",
	.destroy = set_destroy,
	.save = set_save,
	.load = set_load,
	.redo = set_redo,
	.dropped = set_dropped,
};

void part_set_register(void)
{
	txn_kind_register(&part_set_kind);
}

/* ---- after recovery ---- */

static bool names_directory(const struct part_set *s, const char *sub)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (strcmp(s->parts[i]->sub, sub) == 0)
			return true;
	return strcmp(sub, "detached") == 0 || strcmp(sub, "marks") == 0;
}

/* A directory that the set does not name. */
static enum status drop_unnamed(const struct part_set *s, const char *sub, bool keep, struct error *err)
{
	char path[4096], to[4096];
	struct part_name name;
	snprintf(path, sizeof path, "%s/%s", s->place->dir, sub);
	if (!keep || !part_name_parse(str_of(sub), &name)) {
		LOG(LOG_INFO, "storage", "removing %s, which no commit names", path);
		return file_remove_tree(path, err);
	}
	LOG(LOG_WARNING, "storage", "%s is newer than what was recovered and goes to detached/unexpected_%s", path, sub);
	snprintf(to, sizeof to, "%s/detached", s->place->dir);
	TRY(file_mkdirs(to, true, err));
	snprintf(to, sizeof to, "%s/detached/unexpected_%s", s->place->dir, sub);
	return file_exists(to) ? file_remove_tree(path, err) : file_rename(path, to, err);
}

enum status part_set_reconcile(const struct part_set *s, bool recovered_to, struct error *err)
{
	struct arena a;
	arena_init(&a, NULL);
	enum status st = table_place_make(s->place, err);
	bool renamed = false;
	for (uint32_t i = 0; st == OK && i < s->count; i++) {
		struct error one;
		error_init(&one);
		renamed |= s->parts[i]->delta == NULL && strcmp(s->parts[i]->sub, s->parts[i]->name_text) != 0;
		if (finish_rename(s->parts[i], &one) != OK)
			LOG(LOG_ERROR, "storage", "part %s of %s: %s", s->parts[i]->name_text, s->place->dir, one.message);
	}
	if (st == OK && renamed)
		st = file_sync_dir(s->place->dir, err);
	struct file_entry *entries = NULL;
	size_t n = 0;
	if (st == OK)
		st = file_list(s->place->dir, &a, &entries, &n, err);
	for (size_t i = 0; st == OK && i < n; i++) {
		if (entries[i].kind == FILE_DIRECTORY && !names_directory(s, entries[i].name))
			st = drop_unnamed(s, entries[i].name, recovered_to, err);
	}
	arena_fini(&a);
	return st == OK ? key_maps_reconcile(s, err) : st;
}
