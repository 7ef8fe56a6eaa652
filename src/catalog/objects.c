// SPDX-License-Identifier: Apache-2.0
/* Types, roles, recorded objects: each an entry, copied in and given out as it stands. */
#include <assert.h>
#include "catalog/catalog_impl.h"

static enum status not_found(enum status st, const char *what, struct str name, struct error *err)
{
	return ERR(err, st, "%s \"%.*s\" does not exist", what, STR_ARG(name));
}

static enum status add_one(struct txn *t, const struct entry *was, struct entry *e, struct error *err)
{
	struct catalog_change *change = catalog_change_new();
	if (was != NULL && e != NULL)
		change_replace(change, was, e);
	else if (was != NULL)
		change_remove(change, was);
	else
		change_create(change, e);
	return catalog_change_add(t, change, err);
}

/* Calls fn for each entry of a kind; the version is kept meanwhile. */
static enum status each(struct catalog *c, struct txn *t, enum entry_kind kind,
                        enum status (*fn)(void *arg, const struct entry *e), void *arg)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	if (v == NULL)
		return OK;
	version_ref(&v->version);
	enum status st = OK;
	for (uint32_t i = version_lower_bound(v, kind, STR(""), STR(""), STR(""));
	     st == OK && i < v->count && v->by_name[i]->kind == kind; i++)
		st = fn(arg, v->by_name[i]);
	version_unref((struct version *)&v->version);
	return st;
}

/* ---- types ---- */
static struct entry *type_entry(uint32_t oid, uint32_t array_oid, const struct type_object *d)
{
	struct entry *e = entry_new(ENTRY_TYPE, oid);
	struct arena *a = &e->arena;
	e->database = arena_str(a, d->database);
	e->schema = arena_str(a, schema_or_public(d->schema));
	e->name = arena_str(a, d->name);
	e->u.type = (struct type_object){
		.database = e->database, .schema = e->schema, .name = e->name, .oid = oid, .array_oid = array_oid, .kind = d->kind,
		.label_count = d->label_count, .labels = ARENA_ARRAY(a, struct str, d->label_count + 1),
		.definition = arena_str(a, d->definition), .type = d->type == NULL ? NULL : type_copy(a, d->type),
		.owner = arena_str(a, d->owner), .comment = arena_str(a, d->comment)};
	for (uint32_t i = 0; i < d->label_count; i++)
		e->u.type.labels[i] = arena_str(a, d->labels[i]);
	return e;
}

const struct type *type_object_type(struct arena *a, const struct type_object *d)
{
	if (d->kind == 'e' && d->oid <= INT32_MAX)
		return type_with_face(a, type_copy(a, d->type), FACE_ENUM, (int32_t)d->oid);
	if (d->kind == 'c' && d->type != NULL)
		return type_with_face(a, type_copy(a, d->type), FACE_RECORD, -1);
	return d->type == NULL ? NULL : type_copy(a, d->type);
}

enum status catalog_create_type(struct catalog *c, struct txn *t, const struct type_object *d, struct error *err)
{
	if (catalog_find_type(c, t, d->database, d->schema, d->name) != NULL)
		return ERR(err, E_OBJECT_EXISTS, "type \"%.*s\" already exists", STR_ARG(d->name));
	uint32_t oid = catalog_oid_new(c), array_oid = catalog_oid_new(c);
	while (array_oid != oid + 1) { /* somebody else took the one between */
		oid = array_oid;
		array_oid = catalog_oid_new(c);
	}
	return add_one(t, NULL, type_entry(oid, array_oid, d), err);
}

enum status catalog_replace_type(struct catalog *c, struct txn *t, const struct type_object *d, struct error *err)
{
	const struct entry *was = version_find_oid(catalog_version_of(c, t), d->oid);
	if (was == NULL || was->kind != ENTRY_TYPE)
		return not_found(E_UNKNOWN_TYPE, "type", d->name, err);
	return add_one(t, was, type_entry(d->oid, was->u.type.array_oid, d), err);
}

enum status catalog_drop_type(struct catalog *c, struct txn *t, const struct type_object *d, struct error *err)
{
	const struct entry *was = version_find_oid(catalog_version_of(c, t), d->oid);
	if (was == NULL || was->kind != ENTRY_TYPE)
		return not_found(E_UNKNOWN_TYPE, "type", d->name, err);
	return add_one(t, was, NULL, err);
}

const struct type_object *catalog_find_type(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                            struct str name)
{
	const struct entry *e = version_find(catalog_version_of(c, t), ENTRY_TYPE, database, schema_or_public(schema), name);
	return e == NULL ? NULL : &e->u.type;
}

const struct type_object *catalog_find_type_oid(struct catalog *c, struct txn *t, uint32_t oid)
{
	const struct entry *e = version_find_oid(catalog_version_of(c, t), oid);
	return e == NULL || e->kind != ENTRY_TYPE ? NULL : &e->u.type;
}

struct type_walk {
	enum status (*fn)(void *arg, const struct type_object *d);
	void *arg;
};

static enum status give_type(void *arg, const struct entry *e)
{
	struct type_walk *w = arg;
	return w->fn(w->arg, &e->u.type);
}

enum status catalog_each_type(struct catalog *c, struct txn *t,
                              enum status (*fn)(void *arg, const struct type_object *d), void *arg)
{
	struct type_walk w = {fn, arg};
	return each(c, t, ENTRY_TYPE, give_type, &w);
}

/* ---- roles ---- */
static void copy_role(struct arena *a, struct role_def *to, const struct role_def *from)
{
	*to = *from;
	struct str *texts[] = {&to->name, &to->auth, &to->scram, &to->sha256, &to->md5, &to->valid_until,
	                       &to->default_database, &to->hosts, &to->settings, &to->member_of, &to->grants, &to->comment};
	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		*texts[i] = arena_str(a, *texts[i]);
}

static struct entry *role_entry(uint32_t oid, const struct role_def *d)
{
	struct entry *e = entry_new(ENTRY_ROLE, oid);
	copy_role(&e->arena, &e->u.role, d);
	e->name = e->u.role.name;
	e->u.role.oid = oid;
	e->u.role.from_config = false;
	return e;
}

static struct config_role *config_role(struct catalog *c, struct str name)
{
	for (struct config_role *r = c->config_roles; r != NULL; r = r->next)
		if (str_eq(r->def.name, name))
			return r;
	return NULL;
}

void catalog_add_config_role(struct catalog *c, const struct role_def *d)
{
	struct config_role *r = config_role(c, d->name);
	if (r == NULL) {
		r = ARENA_NEW(&c->arena, struct config_role);
		r->next = c->config_roles;
		c->config_roles = r;
		r->def.oid = str_eq(d->name, STR("default")) ? OID_ROLE_DEFAULT : c->next_system_oid++;
	}
	uint32_t oid = r->def.oid;
	copy_role(&c->arena, &r->def, d);
	r->def.oid = oid;
	r->def.from_config = true;
}

enum status catalog_create_role(struct catalog *c, struct txn *t, const struct role_def *d, struct error *err)
{
	if (catalog_find_role(c, t, d->name) != NULL)
		return ERR(err, E_OBJECT_EXISTS, "role \"%.*s\" already exists", STR_ARG(d->name));
	return add_one(t, NULL, role_entry(d->oid != 0 ? d->oid : catalog_oid_new(c), d), err);
}

static enum status role_of(struct catalog *c, struct txn *t, struct str name, const struct entry *found,
                           const struct entry **out, struct error *err)
{
	*out = found;
	(void)t;
	if (config_role(c, name) != NULL)
		return ERR(err, E_ACCESS_DENIED, "role \"%.*s\" is defined by the configuration and cannot be changed",
		           STR_ARG(name));
	if (found == NULL || found->kind != ENTRY_ROLE)
		return not_found(E_ROLE_DOES_NOT_EXIST, "role", name, err);
	return OK;
}

enum status catalog_replace_role(struct catalog *c, struct txn *t, const struct role_def *d, struct error *err)
{
	const struct entry *was;
	const struct catalog_version *v = catalog_version_of(c, t);
	TRY(role_of(c, t, d->name, version_find_oid(v, d->oid), &was, err));
	return add_one(t, was, role_entry(d->oid, d), err);
}

enum status catalog_drop_role(struct catalog *c, struct txn *t, struct str name, struct error *err)
{
	const struct entry *was;
	const struct catalog_version *v = catalog_version_of(c, t);
	TRY(role_of(c, t, name, version_find(v, ENTRY_ROLE, STR(""), STR(""), name), &was, err));
	return add_one(t, was, NULL, err);
}

const struct role_def *catalog_find_role(struct catalog *c, struct txn *t, struct str name)
{
	const struct config_role *r = config_role(c, name);
	if (r != NULL)
		return &r->def;
	const struct entry *e = version_find(catalog_version_of(c, t), ENTRY_ROLE, STR(""), STR(""), name);
	return e == NULL ? NULL : &e->u.role;
}

const struct role_def *catalog_find_role_oid(struct catalog *c, struct txn *t, uint32_t oid)
{
	for (const struct config_role *r = c->config_roles; r != NULL; r = r->next)
		if (r->def.oid == oid)
			return &r->def;
	const struct entry *e = version_find_oid(catalog_version_of(c, t), oid);
	return e == NULL || e->kind != ENTRY_ROLE ? NULL : &e->u.role;
}

struct role_walk {
	struct catalog *c;
	enum status (*fn)(void *arg, const struct role_def *d);
	void *arg;
};

static enum status give_role(void *arg, const struct entry *e)
{
	struct role_walk *w = arg;
	return config_role(w->c, e->name) != NULL ? OK : w->fn(w->arg, &e->u.role);
}

enum status catalog_each_role(struct catalog *c, struct txn *t, enum status (*fn)(void *arg, const struct role_def *d),
                              void *arg)
{
	struct role_walk w = {c, fn, arg};
	for (const struct config_role *r = c->config_roles; r != NULL; r = r->next)
		TRY(fn(arg, &r->def));
	return each(c, t, ENTRY_ROLE, give_role, &w);
}

/* ---- recorded ---- */

/* Their name in the set is "KIND name", with the table for triggers and the like, so that kinds do not collide. */
static struct str recorded_key(struct arena *a, struct str kind, struct str on, struct str name)
{
	return on.size == 0 ? arena_strf(a, "%.*s %.*s", STR_ARG(kind), STR_ARG(name))
	                    : arena_strf(a, "%.*s %.*s on %.*s", STR_ARG(kind), STR_ARG(name), STR_ARG(on));
}

static struct entry *recorded_entry(uint32_t oid, const struct recorded_def *d)
{
	struct entry *e = entry_new(ENTRY_RECORDED, oid);
	struct arena *a = &e->arena;
	e->database = arena_str(a, d->database);
	e->schema = arena_str(a, schema_or_public(d->schema));
	e->name = recorded_key(a, d->kind, d->on, d->name);
	struct recorded_def *r = &e->u.recorded;
	*r = *d;
	r->oid = oid;
	r->schema = e->schema;
	struct str *texts[] = {&r->kind, &r->database, &r->name, &r->on, &r->text, &r->version, &r->owner, &r->comment};
	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		*texts[i] = arena_str(a, *texts[i]);
	return e;
}

enum status catalog_create_recorded(struct catalog *c, struct txn *t, const struct recorded_def *d, struct error *err)
{
	return add_one(t, NULL, recorded_entry(catalog_oid_new(c), d), err);
}

enum status catalog_replace_recorded(struct catalog *c, struct txn *t, const struct recorded_def *d, struct error *err)
{
	const struct entry *was = version_find_oid(catalog_version_of(c, t), d->oid);
	if (was == NULL || was->kind != ENTRY_RECORDED)
		return not_found(E_UNKNOWN_OBJECT, "object", d->name, err);
	return add_one(t, was, recorded_entry(d->oid, d), err);
}

enum status catalog_drop_recorded(struct catalog *c, struct txn *t, const struct recorded_def *d, struct error *err)
{
	const struct entry *was = version_find_oid(catalog_version_of(c, t), d->oid);
	if (was == NULL || was->kind != ENTRY_RECORDED)
		return not_found(E_UNKNOWN_OBJECT, "object", d->name, err);
	return add_one(t, was, NULL, err);
}

const struct recorded_def *catalog_find_recorded(struct catalog *c, struct txn *t, struct str kind, struct str database,
                                                 struct str schema, struct str name)
{
	const struct catalog_version *v = catalog_version_of(c, t);
	for (uint32_t i = version_lower_bound(v, ENTRY_RECORDED, database, schema_or_public(schema), kind);
	     v != NULL && i < v->count && v->by_name[i]->kind == ENTRY_RECORDED; i++) {
		const struct recorded_def *r = &v->by_name[i]->u.recorded;
		if (!str_eq(r->database, database) || !str_eq(r->schema, schema_or_public(schema)))
			break;
		if (str_eq(r->kind, kind) && str_eq(r->name, name))
			return r;
	}
	return NULL;
}

const struct recorded_def *catalog_find_recorded_oid(struct catalog *c, struct txn *t, uint32_t oid)
{
	const struct entry *e = version_find_oid(catalog_version_of(c, t), oid);
	return e == NULL || e->kind != ENTRY_RECORDED ? NULL : &e->u.recorded;
}

struct recorded_walk {
	enum status (*fn)(void *arg, const struct recorded_def *d);
	void *arg;
};

static enum status give_recorded(void *arg, const struct entry *e)
{
	struct recorded_walk *w = arg;
	return w->fn(w->arg, &e->u.recorded);
}

enum status catalog_each_recorded(struct catalog *c, struct txn *t,
                                  enum status (*fn)(void *arg, const struct recorded_def *d), void *arg)
{
	struct recorded_walk w = {fn, arg};
	return each(c, t, ENTRY_RECORDED, give_recorded, &w);
}
