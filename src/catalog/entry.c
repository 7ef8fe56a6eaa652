// SPDX-License-Identifier: Apache-2.0
#include <assert.h>
#include <stdlib.h>
#include "catalog/catalog_impl.h"

enum { ENTRY_FORMAT = 1 };

struct entry *entry_new(enum entry_kind kind, uint32_t oid)
{
	struct entry *e = calloc(1, sizeof *e);
	if (e == NULL)
		abort();
	e->references = 1;
	e->kind = kind;
	e->oid = oid;
	e->database = e->schema = e->name = STR("");
	arena_init(&e->arena, NULL);
	return e;
}

struct entry *entry_ref(struct entry *e)
{
	e->references++;
	return e;
}

void entry_unref(struct entry *e)
{
	if (e == NULL || --e->references != 0)
		return;
	core_unref(e->core);
	table_def_unref(e->table);
	arena_fini(&e->arena);
	free(e);
}

struct entry *entry_of_table(struct table_def *def, struct table_core *core)
{
	struct entry *e = entry_new(ENTRY_TABLE, def->oid);
	e->table = def;
	e->core = core;
	e->database = def->database;
	e->schema = def->schema;
	e->name = def->name;
	e->temporary = def->temporary;
	return e;
}

void entry_encode(const struct entry *e, struct strbuf *out)
{
	struct archive a = {.out = out};
	strbuf_putc(out, ENTRY_FORMAT);
	strbuf_putc(out, (char)e->kind);
	archive_entry(&a, (struct entry *)e);
	if (e->kind == ENTRY_TABLE || e->kind == ENTRY_DETACHED)
		archive_table_def(&a, e->table);
}

/* The payloads repeat what the entry is found by. */
static void name_payload(struct entry *e)
{
	switch (e->kind) {
	case ENTRY_DATABASE:
		e->u.database_def.name = e->name;
		e->u.database_def.oid = e->oid;
		break;
	case ENTRY_SCHEMA:
		e->u.schema_def.database = e->database;
		e->u.schema_def.name = e->name;
		e->u.schema_def.oid = e->oid;
		break;
	case ENTRY_SEQUENCE:
		e->u.sequence.database = e->database;
		e->u.sequence.schema = e->schema;
		e->u.sequence.name = e->name;
		e->u.sequence.oid = e->oid;
		break;
	case ENTRY_TYPE:
		e->u.type.database = e->database;
		e->u.type.schema = e->schema;
		e->u.type.name = e->name;
		e->u.type.oid = e->oid;
		break;
	case ENTRY_ROLE:
		e->u.role.name = e->name;
		e->u.role.oid = e->oid;
		break;
	case ENTRY_RECORDED:
		e->u.recorded.oid = e->oid;
		break;
	case ENTRY_TABLE:
	case ENTRY_DETACHED:
	case ENTRY_KIND_END:
		break;
	}
}

enum status entry_decode(struct cursor *c, struct entry **out, struct error *err)
{
	*out = NULL;
	uint64_t format = cursor_le(c, 1), kind = cursor_le(c, 1);
	if (c->failed || format != ENTRY_FORMAT || kind == 0 || kind >= ENTRY_KIND_END)
		return ERR(err, E_CORRUPTED_DATA, "the catalog has an entry of unknown kind %u, format %u", (unsigned)kind,
		           (unsigned)format);
	struct entry *e = entry_new((enum entry_kind)kind, 0);
	struct archive a = {.in = c, .arena = &e->arena, .err = err};
	archive_entry(&a, e);
	if (e->kind == ENTRY_TABLE || e->kind == ENTRY_DETACHED) {
		e->table = table_def_new(NULL);
		a.arena = &e->table->arena;
		archive_table_def(&a, e->table);
	}
	if (c->failed) {
		enum status st = a.status != OK ? a.status
		                                : ERR(err, E_CORRUPTED_DATA, "an entry of the catalog is cut short or damaged");
		entry_unref(e);
		return st;
	}
	if (e->kind == ENTRY_TABLE) {
		e->database = e->table->database;
		e->schema = e->table->schema;
		e->name = e->table->name;
	}
	name_payload(e);
	*out = e;
	return OK;
}

/* ---- cores ---- */
struct table_core *core_new(const struct table_ops *ops, struct table_def *def)
{
	struct table_core *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->references = 1;
	c->home.ops = ops;
	c->home.def = table_def_ref(def);
	return c;
}

struct table_core *core_ref(struct table_core *c)
{
	if (c != NULL)
		c->references++;
	return c;
}

void core_unref(struct table_core *c)
{
	if (c == NULL || --c->references != 0)
		return;
	core_close(c);
	table_def_unref(c->home.def);
	free(c);
}

enum status core_open(struct table_core *c, struct error *err)
{
	assert(!c->opened);
	if (c->home.ops->open != NULL)
		TRY(c->home.ops->open(&c->home, err));
	c->opened = true;
	return OK;
}

void core_close(struct table_core *c)
{
	if (c->opened && c->home.ops->close != NULL)
		c->home.ops->close(&c->home);
	c->opened = false;
	c->home.state = NULL;
}
