// SPDX-License-Identifier: Apache-2.0
/*
 * Versions and changes. On disk, format 1: a version is its format, oid_end, count and entries; a change is its format,
 * oid_end, the number of operations, and for each its kind and either an entry or the OID it is about.
 */
#include <assert.h>
#include <stdlib.h>
#include "catalog/catalog_impl.h"

enum { VERSION_FORMAT = 1 };

/* On disk: never renumber. */
enum op_kind { OP_CREATE = 1, OP_REPLACE = 2, OP_REMOVE = 3, OP_SEQUENCE = 4 };

struct op {
	enum op_kind kind;
	struct entry *entry;        /* CREATE, REPLACE: the new one */
	struct entry *was;          /* REPLACE, REMOVE: what must be there; NULL in redo */
	uint32_t oid;
	int64_t value;              /* SEQUENCE */
	bool called;
};

struct catalog_change {
	struct change change;
	struct op *ops;
	uint32_t count, capacity;
};

static const struct version_kind catalog_kind;

/* ---- order ---- */
static int compare_key(const struct entry *e, enum entry_kind kind, struct str database, struct str schema,
                       struct str name)
{
	if (e->kind != kind)
		return e->kind < kind ? -1 : 1;
	int order = str_compare(e->database, database);
	if (order == 0)
		order = str_compare(e->schema, schema);
	return order != 0 ? order : str_compare(e->name, name);
}

uint32_t version_lower_bound(const struct catalog_version *v, enum entry_kind kind, struct str database,
                             struct str schema, struct str name)
{
	uint32_t low = 0, high = v == NULL ? 0 : v->count;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (compare_key(v->by_name[mid], kind, database, schema, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct entry *version_find(const struct catalog_version *v, enum entry_kind kind, struct str database,
                           struct str schema, struct str name)
{
	uint32_t at = version_lower_bound(v, kind, database, schema, name);
	if (v == NULL || at >= v->count || compare_key(v->by_name[at], kind, database, schema, name) != 0)
		return NULL;
	return v->by_name[at];
}

static uint32_t oid_bound(const struct catalog_version *v, uint32_t oid)
{
	uint32_t low = 0, high = v->count;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (v->by_oid[mid]->oid < oid)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct entry *version_find_oid(const struct catalog_version *v, uint32_t oid)
{
	if (v == NULL)
		return NULL;
	uint32_t at = oid_bound(v, oid);
	return at < v->count && v->by_oid[at]->oid == oid ? v->by_oid[at] : NULL;
}

/* ---- building ---- */
static struct catalog_version *version_new(uint32_t capacity)
{
	struct catalog_version *v = calloc(1, sizeof *v);
	if (v == NULL)
		abort();
	version_init(&v->version, &catalog_kind);
	v->by_name = calloc((size_t)capacity + 1, sizeof *v->by_name);
	v->by_oid = calloc((size_t)capacity + 1, sizeof *v->by_oid);
	if (v->by_name == NULL || v->by_oid == NULL)
		abort();
	v->oid_end = OID_FIRST;
	return v;
}

static void version_destroy(struct version *version)
{
	struct catalog_version *v = (struct catalog_version *)version;
	for (uint32_t i = 0; i < v->count; i++)
		entry_unref(v->by_name[i]);
	free(v->by_name);
	free(v->by_oid);
	free(v);
}

/* Takes the reference. There is room. */
static void insert_entry(struct catalog_version *v, struct entry *e)
{
	uint32_t at = version_lower_bound(v, e->kind, e->database, e->schema, e->name), by_oid = oid_bound(v, e->oid);
	memmove(v->by_name + at + 1, v->by_name + at, (v->count - at) * sizeof *v->by_name);
	memmove(v->by_oid + by_oid + 1, v->by_oid + by_oid, (v->count - by_oid) * sizeof *v->by_oid);
	v->by_name[at] = v->by_oid[by_oid] = e;
	v->count++;
	if (e->oid >= v->oid_end)
		v->oid_end = e->oid + 1;
}

static void remove_entry(struct catalog_version *v, struct entry *e)
{
	uint32_t at = version_lower_bound(v, e->kind, e->database, e->schema, e->name), by_oid = oid_bound(v, e->oid);
	assert(v->by_name[at] == e && v->by_oid[by_oid] == e);
	v->count--;
	memmove(v->by_name + at, v->by_name + at + 1, (v->count - at) * sizeof *v->by_name);
	memmove(v->by_oid + by_oid, v->by_oid + by_oid + 1, (v->count - by_oid) * sizeof *v->by_oid);
	entry_unref(e);
}

/* ---- applying ---- */
static enum status exists_error(const struct entry *e, struct error *err)
{
	if (e->kind == ENTRY_DATABASE)
		return ERR(err, E_DATABASE_EXISTS, "Database %.*s already exists", STR_ARG(e->name));
	if (e->kind == ENTRY_TABLE || e->kind == ENTRY_DETACHED)
		return ERR(err, E_TABLE_EXISTS, "Table %.*s.%.*s already exists", STR_ARG(e->database), STR_ARG(e->name));
	return ERR(err, e->kind == ENTRY_SEQUENCE ? E_TABLE_EXISTS : E_OBJECT_EXISTS, "\"%.*s\" already exists",
	           STR_ARG(e->name));
}

static enum status gone_error(struct error *err)
{
	return ERR(err, E_SERIALIZATION_FAILURE,
	           "could not serialize access: a definition was changed by a concurrent transaction");
}

static enum status apply_sequence(struct catalog_version *v, const struct op *op, struct error *err)
{
	struct entry *was = version_find_oid(v, op->oid);
	if (was == NULL)
		return gone_error(err);
	struct strbuf bytes;
	strbuf_init(&bytes, NULL);
	entry_encode(was, &bytes);
	struct cursor c = cursor_of(strbuf_str(&bytes));
	struct entry *e = NULL;
	enum status st = entry_decode(&c, &e, err);
	strbuf_fini(&bytes);
	TRY(st);
	e->sequence_value = op->value;
	e->sequence_called = op->called;
	e->temporary = was->temporary;
	remove_entry(v, was);
	insert_entry(v, e);
	return OK;
}

/*
 * First all that goes, then all that comes, so that names can be exchanged. In redo `was` is unknown and the OID tells;
 * the core of a table that stays is handed on.
 */
static enum status apply_removals(struct catalog_version *v, struct op *ops, uint32_t count, struct error *err)
{
	for (uint32_t i = 0; i < count; i++) {
		struct op *op = &ops[i];
		if (op->kind != OP_REPLACE && op->kind != OP_REMOVE)
			continue;
		struct entry *now = version_find_oid(v, op->oid);
		/* a sequence that has counted on is still the same */
		if (now == NULL || (op->was != NULL && now != op->was && now->kind != ENTRY_SEQUENCE))
			return gone_error(err);
		if (op->was == NULL && op->entry != NULL && op->entry->kind == ENTRY_TABLE && op->entry->core == NULL)
			op->entry->core = core_ref(now->core);
		remove_entry(v, now);
	}
	return OK;
}

static enum status apply_ops(struct catalog_version *v, struct op *ops, uint32_t count, struct error *err)
{
	TRY(apply_removals(v, ops, count, err));
	for (uint32_t i = 0; i < count; i++) {
		struct op *op = &ops[i];
		if (op->kind == OP_SEQUENCE)
			TRY(apply_sequence(v, op, err));
		if (op->entry == NULL)
			continue;
		const struct entry *e = op->entry, *same = version_find(v, e->kind, e->database, e->schema, e->name);
		if (same != NULL)
			return exists_error(same, err);
		insert_entry(v, entry_ref(op->entry));
	}
	return OK;
}

/* A database or schema must outlive what is in it, whoever committed first. */
static enum status check_homes(const struct catalog_version *v, const struct op *ops, uint32_t count, struct error *err)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct entry *e = ops[i].entry, *was = ops[i].was;
		if (e != NULL && e->database.size != 0 && !system_has_database(e->database)
		    && version_find(v, ENTRY_DATABASE, STR(""), STR(""), e->database) == NULL)
			return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(e->database));
		if (ops[i].kind != OP_REMOVE || was == NULL || was->kind != ENTRY_DATABASE)
			continue;
		for (int kind = ENTRY_SCHEMA; kind < ENTRY_KIND_END; kind++) {
			uint32_t at = version_lower_bound(v, (enum entry_kind)kind, was->name, STR(""), STR(""));
			if (at < v->count && (int)v->by_name[at]->kind == kind && str_eq(v->by_name[at]->database, was->name))
				return ERR(err, E_DATABASE_NOT_EMPTY, "Database %.*s is not empty", STR_ARG(was->name));
		}
	}
	return OK;
}

static struct catalog_version *copy_version(const struct catalog_version *base, uint32_t more)
{
	struct catalog_version *v = version_new((base == NULL ? 0 : base->count) + more);
	if (base == NULL)
		return v;
	v->count = base->count;
	v->oid_end = base->oid_end;
	memcpy(v->by_name, base->by_name, base->count * sizeof *v->by_name);
	memcpy(v->by_oid, base->by_oid, base->count * sizeof *v->by_oid);
	for (uint32_t i = 0; i < v->count; i++)
		entry_ref(v->by_name[i]);
	return v;
}

static enum status change_apply_catalog(struct change *change, const struct version *base, uint64_t csn,
                                        struct version **out, struct error *err)
{
	struct catalog_change *c = (struct catalog_change *)change;
	struct catalog_version *v = copy_version((const struct catalog_version *)base, c->count);
	(void)csn;
	enum status st = apply_ops(v, c->ops, c->count, err);
	if (st == OK)
		st = check_homes(v, c->ops, c->count, err);
	if (st != OK) {
		version_destroy(&v->version);
		return st;
	}
	*out = &v->version;
	return OK;
}

/* Temporary objects reach no log: an operation on one is left out. */
static bool is_kept(const struct op *op)
{
	return !(op->entry != NULL && op->entry->temporary) && !(op->was != NULL && op->was->temporary);
}

static enum status change_encode(struct change *change, struct strbuf *out, struct error *err)
{
	struct catalog_change *c = (struct catalog_change *)change;
	uint32_t oid_end = 0, kept = 0;
	for (uint32_t i = 0; i < c->count; i++) {
		if (c->ops[i].entry != NULL && c->ops[i].entry->oid >= oid_end)
			oid_end = c->ops[i].entry->oid + 1;
		kept += is_kept(&c->ops[i]);
	}
	strbuf_putc(out, VERSION_FORMAT);
	strbuf_put_varuint(out, oid_end);
	strbuf_put_varuint(out, kept);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct op *op = &c->ops[i];
		if (!is_kept(op))
			continue;
		strbuf_putc(out, (char)op->kind);
		strbuf_put_varuint(out, op->oid);
		if (op->kind == OP_SEQUENCE) {
			strbuf_put_le(out, (uint64_t)op->value, 8);
			strbuf_putc(out, op->called ? 1 : 0);
		} else if (op->entry != NULL) {
			entry_encode(op->entry, out);
		}
	}
	return strbuf_status(out, err);
}

static void free_ops(struct op *ops, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		entry_unref(ops[i].entry);
		entry_unref(ops[i].was);
	}
	free(ops);
}

static void change_free(struct change *change)
{
	change_drop((struct catalog_change *)change);
}

static const struct change_ops catalog_change_ops = {
	.kind = &catalog_kind,
	.apply = change_apply_catalog,
	.encode = change_encode,
	.free = change_free,
};

/* ---- gathering ---- */
struct catalog_change *catalog_change_new(void)
{
	struct catalog_change *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->change.ops = &catalog_change_ops;
	c->change.slot = TXN_SLOT_CATALOG;
	return c;
}

void change_drop(struct catalog_change *c)
{
	free_ops(c->ops, c->count);
	free(c);
}

static void push_op(struct catalog_change *c, struct op op)
{
	if (c->count == c->capacity) {
		c->capacity = c->capacity == 0 ? 4 : c->capacity * 2;
		c->ops = realloc(c->ops, c->capacity * sizeof *c->ops);
		if (c->ops == NULL)
			abort();
	}
	c->ops[c->count++] = op;
}

void change_create(struct catalog_change *c, struct entry *e)
{
	push_op(c, (struct op){.kind = OP_CREATE, .entry = e, .oid = e->oid});
}

void change_replace(struct catalog_change *c, const struct entry *was, struct entry *e)
{
	assert(was->oid == e->oid);
	push_op(c, (struct op){.kind = OP_REPLACE, .entry = e, .was = entry_ref((struct entry *)was), .oid = e->oid});
}

void change_remove(struct catalog_change *c, const struct entry *was)
{
	push_op(c, (struct op){.kind = OP_REMOVE, .was = entry_ref((struct entry *)was), .oid = was->oid});
}

void change_sequence(struct catalog_change *c, uint32_t oid, int64_t value, bool called)
{
	push_op(c, (struct op){.kind = OP_SEQUENCE, .oid = oid, .value = value, .called = called});
}

enum status catalog_change_add(struct txn *t, struct catalog_change *c, struct error *err)
{
	return txn_add_change(t, &c->change, err);
}

/* ---- disk ---- */
static enum status version_save(void *context, const struct version *version, struct strbuf *out, struct error *err)
{
	const struct catalog_version *v = (const struct catalog_version *)version;
	uint32_t kept = 0;
	(void)context;
	for (uint32_t i = 0; i < v->count; i++)
		kept += !v->by_name[i]->temporary;
	strbuf_putc(out, VERSION_FORMAT);
	strbuf_put_varuint(out, v->oid_end);
	strbuf_put_varuint(out, kept);
	for (uint32_t i = 0; i < v->count; i++)
		if (!v->by_name[i]->temporary)
			entry_encode(v->by_name[i], out);
	return strbuf_status(out, err);
}

static enum status damaged(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "the catalog on disk is damaged");
}

/* A table without a core gets one that catalog_open() opens. */
static void give_core(struct entry *e)
{
	if (e->kind == ENTRY_TABLE && e->core == NULL)
		e->core = core_new(ops_of(e->table), e->table);
}

static enum status version_load(void *context, uint32_t slot, struct str bytes, struct version **out, struct error *err)
{
	struct cursor c = cursor_of(bytes);
	uint64_t format = cursor_le(&c, 1), oid_end = cursor_varuint(&c), count = cursor_varuint(&c);
	(void)context;
	if (c.failed || slot != TXN_SLOT_CATALOG || format != VERSION_FORMAT || oid_end > UINT32_MAX ||
	    count > cursor_left(&c))
		return damaged(err);
	struct catalog_version *v = version_new((uint32_t)count);
	enum status st = OK;
	for (uint64_t i = 0; st == OK && i < count; i++) {
		struct entry *e;
		st = entry_decode(&c, &e, err);
		if (st != OK)
			break;
		give_core(e);
		insert_entry(v, e);
	}
	if (st != OK) {
		version_destroy(&v->version);
		return st;
	}
	if (oid_end > v->oid_end)
		v->oid_end = (uint32_t)oid_end;
	*out = &v->version;
	return OK;
}

static enum status decode_op(struct cursor *c, struct op *op, struct error *err)
{
	uint64_t kind = cursor_le(c, 1), oid = cursor_varuint(c);
	if (c->failed || kind < OP_CREATE || kind > OP_SEQUENCE || oid > UINT32_MAX)
		return damaged(err);
	op->kind = (enum op_kind)kind;
	op->oid = (uint32_t)oid;
	if (op->kind == OP_SEQUENCE) {
		op->value = (int64_t)cursor_le(c, 8);
		op->called = cursor_le(c, 1) != 0;
	} else if (op->kind != OP_REMOVE) {
		TRY(entry_decode(c, &op->entry, err));
	}
	return c->failed ? damaged(err) : OK;
}

static enum status version_redo(void *context, uint32_t slot, const struct version *base, struct str bytes,
                                uint64_t csn, struct version **out, struct error *err)
{
	struct cursor c = cursor_of(bytes);
	uint64_t format = cursor_le(&c, 1), oid_end = cursor_varuint(&c), count = cursor_varuint(&c);
	(void)context, (void)csn;
	if (c.failed || slot != TXN_SLOT_CATALOG || format != VERSION_FORMAT || oid_end > UINT32_MAX ||
	    count > cursor_left(&c))
		return damaged(err);
	struct op *ops = calloc((size_t)count + 1, sizeof *ops);
	if (ops == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	enum status st = OK;
	for (uint64_t i = 0; st == OK && i < count; i++)
		st = decode_op(&c, &ops[i], err);
	struct catalog_version *v = copy_version((const struct catalog_version *)base, (uint32_t)count);
	if (st == OK)
		st = apply_ops(v, ops, (uint32_t)count, err);
	for (uint64_t i = 0; st == OK && i < count; i++)
		if (ops[i].entry != NULL)
			give_core(ops[i].entry);
	if (oid_end > v->oid_end)
		v->oid_end = (uint32_t)oid_end;
	free_ops(ops, (uint32_t)count);
	if (st != OK) {
		version_destroy(&v->version);
		return st;
	}
	*out = &v->version;
	return OK;
}

static const struct version_kind catalog_kind = {
	.id = CATALOG_KIND,
	.name = "catalog",
	.destroy = version_destroy,
	.save = version_save,
	.load = version_load,
	.redo = version_redo,
};

void catalog_version_register(void)
{
	txn_kind_register(&catalog_kind);
}

const struct catalog_version *catalog_version_of(struct catalog *c, struct txn *t)
{
	(void)c;
	return (const struct catalog_version *)txn_version(t, TXN_SLOT_CATALOG);
}
