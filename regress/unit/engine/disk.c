// SPDX-License-Identifier: Apache-2.0
#include "disk.h"

#include <stdlib.h>
#include <string.h>

struct safe_entry {
	char *name;
	uint32_t id;
};

/* What is safe of one inode. */
struct safe {
	bool known, directory;
	struct memnode *content;        /* of a file */
	size_t *pending;             /* its writes and truncations since, by number of operation */
	size_t pending_count, pending_capacity;
	struct safe_entry *entries;  /* of a directory */
	size_t entry_count, entry_capacity;
};

struct disk {
	struct memfs *holder;        /* whose counter numbers the nodes of `content` */
	struct safe *inodes;
	size_t inode_count, inode_capacity;
	size_t *names;               /* changes of names that are not safe, in order */
	size_t name_count, name_capacity;
	size_t position;
	uint32_t root;
	uint64_t dice;
};

static void *must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

uint64_t dice(uint64_t *state)
{
	uint64_t x = *state;
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return x * 0x2545f4914f6cdd1d;
}

uint64_t dice_below(uint64_t *state, uint64_t limit)
{
	return limit == 0 ? 0 : (dice(state) >> 16) % limit;
}

static void push(size_t **list, size_t *count, size_t *capacity, size_t value)
{
	if (*count == *capacity) {
		*capacity = *capacity * 2 + 8;
		*list = must(realloc(*list, *capacity * sizeof **list));
	}
	(*list)[(*count)++] = value;
}

static struct safe *inode(struct disk *d, uint32_t id)
{
	if (id >= d->inode_capacity) {
		size_t n = id * 2 + 1024;
		d->inodes = must(realloc(d->inodes, n * sizeof *d->inodes));
		memset(d->inodes + d->inode_capacity, 0, (n - d->inode_capacity) * sizeof *d->inodes);
		d->inode_capacity = n;
	}
	if (id >= d->inode_count)
		d->inode_count = id + 1;
	return &d->inodes[id];
}

static struct safe *new_inode(struct disk *d, uint32_t id, bool directory)
{
	struct safe *s = inode(d, id);
	s->known = true;
	s->directory = directory;
	if (!directory)
		s->content = memnode_new(d->holder, false);
	return s;
}

static struct safe_entry *find_entry(struct safe *s, const char *name)
{
	for (size_t i = 0; i < s->entry_count; i++)
		if (strcmp(s->entries[i].name, name) == 0)
			return &s->entries[i];
	return NULL;
}

static void set_entry(struct safe *s, const char *name, uint32_t id)
{
	struct safe_entry *e = find_entry(s, name);
	if (e != NULL) {
		e->id = id;
		return;
	}
	if (s->entry_count == s->entry_capacity) {
		s->entry_capacity = s->entry_capacity * 2 + 8;
		s->entries = must(realloc(s->entries, s->entry_capacity * sizeof *s->entries));
	}
	s->entries[s->entry_count++] = (struct safe_entry){must(strdup(name)), id};
}

static void remove_entry(struct safe *s, const char *name)
{
	struct safe_entry *e = find_entry(s, name);
	if (e == NULL)
		return;
	free(e->name);
	*e = s->entries[--s->entry_count];
}

static void import(struct disk *d, const struct memnode *n)
{
	if (inode(d, n->id)->known)
		return;
	struct safe *s = new_inode(d, n->id, n->directory);
	if (!n->directory)
		memnode_share_content(s->content, n);
	for (size_t i = 0; i < n->entry_count; i++) {
		set_entry(inode(d, n->id), n->entries[i].name, n->entries[i].node->id);
		import(d, n->entries[i].node);
	}
}

struct disk *disk_new(const struct memfs *base, uint64_t seed)
{
	struct disk *d = must(calloc(1, sizeof *d));
	d->holder = memfs_new();
	d->root = base->root->id;
	d->dice = seed | 1;
	import(d, base->root);
	return d;
}

void disk_free(struct disk *d)
{
	for (size_t i = 0; i < d->inode_count; i++) {
		struct safe *s = &d->inodes[i];
		memnode_unref(s->content);
		free(s->pending);
		for (size_t k = 0; k < s->entry_count; k++)
			free(s->entries[k].name);
		free(s->entries);
	}
	free(d->inodes);
	free(d->names);
	memfs_free(d->holder);
	free(d);
}

/* ---- data ---- */

/* Applies the sectors of a write that `keep` (in percent) lets through; 100: all. */
static void apply_write(struct memnode *n, const struct disk_op *op, unsigned percent, uint64_t *random)
{
	uint64_t end = op->offset + op->size;
	if (percent == 100) {
		if (end > n->size)
			memnode_resize(n, end);
		memnode_write(n, op->data, op->offset, op->size);
		return;
	}
	for (uint64_t at = op->offset; at < end;) {
		uint64_t next = (at / MEMFS_SECTOR + 1) * MEMFS_SECTOR;
		next = next < end ? next : end;
		if (dice_below(random, 100) < percent) {
			if (next > n->size)
				memnode_resize(n, next);
			memnode_write(n, op->data + (at - op->offset), at, next - at);
		}
		at = next;
	}
	/* the length may be on disk without the data */
	if (end > n->size && dice_below(random, 2) == 0)
		memnode_resize(n, end);
}

static void apply_data(struct memnode *n, const struct disk_op *op, unsigned percent, uint64_t *random)
{
	if (op->kind == DISK_WRITE)
		apply_write(n, op, percent, random);
	else if (percent == 100 || dice_below(random, 100) < percent)
		memnode_resize(n, op->offset);
}

static void sync_file(struct disk *d, const struct disk_log *log, const struct disk_op *op)
{
	struct safe *s = inode(d, op->inode);
	for (size_t i = 0; i < s->pending_count; i++)
		apply_data(s->content, &log->ops[s->pending[i]], op->failed ? 50 : 100, &d->dice);
	s->pending_count = 0;
}

/* ---- names ---- */

static void make_safe(struct disk *d, const struct disk_op *op)
{
	struct safe *s = inode(d, op->dir);
	const struct safe_entry *e = op->kind == DISK_ADD ? NULL : find_entry(s, op->name);
	uint32_t id = e == NULL ? 0 : e->id;
	bool there = e != NULL;
	if (op->kind == DISK_ADD) {
		set_entry(s, op->name, op->inode);
	} else if (op->kind == DISK_REMOVE) {
		remove_entry(s, op->name);
	} else if (op->kind == DISK_RENAME && there) {
		remove_entry(s, op->name);
		set_entry(inode(d, op->dir2), op->name2, id);
	} else if (op->kind == DISK_EXCHANGE && there) {
		struct safe_entry *other = find_entry(inode(d, op->dir2), op->name2);
		uint32_t id2 = other->id;
		other->id = id;
		set_entry(inode(d, op->dir), op->name, id2);
	}
}

/* A rename between directories is one change: what came before it in the other one becomes safe with it. */
static void sync_names(struct disk *d, const struct disk_log *log, uint32_t dir)
{
	bool *take = must(calloc(d->name_count + 1, sizeof *take)), *needed = must(calloc(d->inode_count + 1, 1));
	needed[dir] = true;
	for (size_t i = d->name_count; i-- > 0;) {
		const struct disk_op *op = &log->ops[d->names[i]];
		bool two = op->kind == DISK_RENAME || op->kind == DISK_EXCHANGE;
		if (!needed[op->dir] && !(two && needed[op->dir2]))
			continue;
		take[i] = needed[op->dir] = true;
		if (two)
			needed[op->dir2] = true;
	}
	size_t kept = 0;
	for (size_t i = 0; i < d->name_count; i++)
		if (take[i])
			make_safe(d, &log->ops[d->names[i]]);
		else
			d->names[kept++] = d->names[i];
	d->name_count = kept;
	free(take);
	free(needed);
}

void disk_advance(struct disk *d, const struct disk_log *log, size_t count)
{
	for (; d->position < count; d->position++) {
		const struct disk_op *op = &log->ops[d->position];
		switch (op->kind) {
		case DISK_NEW:
			new_inode(d, op->inode, op->size != 0);
			break;
		case DISK_WRITE:
		case DISK_TRUNCATE: {
			struct safe *s = inode(d, op->inode);
			push(&s->pending, &s->pending_count, &s->pending_capacity, d->position);
			break;
		}
		case DISK_SYNC:
			sync_file(d, log, op);
			break;
		case DISK_SYNC_DIR:
			if (!op->failed)
				sync_names(d, log, op->dir);
			break;
		case DISK_ADD:
		case DISK_REMOVE:
		case DISK_RENAME:
		case DISK_EXCHANGE:
			push(&d->names, &d->name_count, &d->name_capacity, d->position);
			break;
		}
	}
}

/* ---- the cut ---- */

struct cut {
	struct disk *disk;
	const struct disk_log *log;
	struct memfs *fs;
	struct memnode **nodes;
	enum disk_fate fate;
	size_t moment;               /* FATE_PREFIX */
	uint64_t dice;
};

static unsigned data_percent(const struct cut *c, size_t number)
{
	switch (c->fate) {
	case FATE_KEEP:
	case FATE_DATA:
		return 100;
	case FATE_PREFIX:
		return number < c->moment ? 100 : 0;
	case FATE_SOME:
	case FATE_TORN:
		return 50;
	default:
		return 0;
	}
}

static bool keeps_name(struct cut *c, size_t number)
{
	switch (c->fate) {
	case FATE_KEEP:
	case FATE_NAMES:
	case FATE_TORN:
		return true;
	case FATE_PREFIX:
		return number < c->moment;
	case FATE_SOME:
		return dice_below(&c->dice, 2) == 0;
	default:
		return false;
	}
}

static struct memnode *get(struct cut *c, uint32_t id)
{
	struct memnode *n = c->nodes[id];
	if (n != NULL)
		return n;
	struct safe *s = &c->disk->inodes[id];
	n = c->nodes[id] = memnode_new(c->fs, s->directory);
	n->id = id;
	if (!s->directory) {
		memnode_share_content(n, s->content);
		for (size_t i = 0; i < s->pending_count; i++) {
			unsigned percent = data_percent(c, s->pending[i]);
			if (c->fate == FATE_SOME) /* whole writes, or torn ones */
				percent = dice_below(&c->dice, 3) == 0 ? 50 : dice_below(&c->dice, 2) == 0 ? 100 : 0;
			if (percent != 0)
				apply_data(n, &c->log->ops[s->pending[i]], percent, &c->dice);
		}
	}
	for (size_t i = 0; i < s->entry_count; i++)
		memnode_set_child(n, s->entries[i].name, get(c, s->entries[i].id));
	return n;
}

static void change_name(struct cut *c, const struct disk_op *op)
{
	struct memnode *dir = get(c, op->dir);
	if (op->kind == DISK_ADD) {
		memnode_set_child(dir, op->name, get(c, op->inode));
		return;
	}
	struct memnode *n = memnode_child(dir, op->name);
	if (n == NULL)
		return;
	n->references++;
	if (op->kind == DISK_EXCHANGE) {
		struct memnode *dir2 = get(c, op->dir2), *other = memnode_child(dir2, op->name2);
		memnode_set_child(dir, op->name, other);
		memnode_set_child(dir2, op->name2, n);
	} else {
		memnode_set_child(dir, op->name, NULL);
		if (op->kind == DISK_RENAME)
			memnode_set_child(get(c, op->dir2), op->name2, n);
	}
	memnode_unref(n);
}

/* Names whose change was lost: later changes of them are lost too. */
struct lost {
	struct lost_name {
		uint32_t dir;
		const char *name;
	} *slots;
	size_t capacity, count;
};

static size_t lost_slot(const struct lost *l, uint32_t dir, const char *name)
{
	uint64_t h = dir * 0x9e3779b97f4a7c15;
	for (const char *p = name; *p != '\0'; p++)
		h = (h ^ (uint8_t)*p) * 0x100000001b3;
	size_t at = (size_t)(h >> 20) & (l->capacity - 1);
	while (l->slots[at].name != NULL && (l->slots[at].dir != dir || strcmp(l->slots[at].name, name) != 0))
		at = (at + 1) & (l->capacity - 1);
	return at;
}

static void lose(struct lost *l, uint32_t dir, const char *name)
{
	l->slots[lost_slot(l, dir, name)] = (struct lost_name){dir, name};
}

static bool is_lost(const struct lost *l, uint32_t dir, const char *name)
{
	return l->slots[lost_slot(l, dir, name)].name != NULL;
}

struct memfs *disk_cut(struct disk *d, const struct disk_log *log, enum disk_fate fate, uint64_t seed)
{
	struct cut c = {.disk = d, .log = log, .fs = memfs_new(), .fate = fate, .dice = seed | 1};
	uint64_t back = dice_below(&c.dice, 4) == 0 ? 2000 : 60;
	c.moment = d->position - dice_below(&c.dice, d->position < back ? d->position : back);
	c.nodes = must(calloc(d->inode_count + 1, sizeof *c.nodes));
	memnode_unref(c.fs->root);
	c.fs->root = get(&c, d->root);
	struct lost lost = {.capacity = 64};
	while (lost.capacity < 4 * d->name_count)
		lost.capacity *= 2;
	lost.slots = must(calloc(lost.capacity, sizeof *lost.slots));
	for (size_t i = 0; i < d->name_count; i++) {
		const struct disk_op *op = &log->ops[d->names[i]];
		bool two = op->kind == DISK_RENAME || op->kind == DISK_EXCHANGE;
		bool keep = keeps_name(&c, d->names[i]) && !is_lost(&lost, op->dir, op->name)
		            && !(two && is_lost(&lost, op->dir2, op->name2));
		if (keep) {
			change_name(&c, op);
			continue;
		}
		lose(&lost, op->dir, op->name);
		if (two)
			lose(&lost, op->dir2, op->name2);
	}
	free(lost.slots);
	c.fs->root->references++;
	for (size_t i = 0; i < d->inode_count; i++)
		memnode_unref(c.nodes[i]);
	free(c.nodes);
	c.fs->next_id = (uint32_t)d->inode_count;
	return c.fs;
}
