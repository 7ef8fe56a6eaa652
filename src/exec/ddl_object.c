// SPDX-License-Identifier: Apache-2.0
/* Sequences, types, extensions, comments, and objects that are only recorded. */
#include <inttypes.h>
#include "exec/ddl_impl.h"

enum { ENUM_LABELS_MAX = 10000 };

static enum status exists_or_skip(struct ddl_context *c, bool skip, enum status st, const char *what, struct str name,
                                  struct error *err)
{
	if (!skip)
		return ERR(err, st, "%s \"%.*s\" already exists", what, STR_ARG(name));
	ddl_say(c, "NOTICE", st, "%s \"%.*s\" already exists, skipping", what, STR_ARG(name));
	return OK;
}

static enum status missing_or_skip(struct ddl_context *c, bool skip, enum status st, const char *what, struct str name,
                                   struct error *err)
{
	if (!skip)
		return ERR(err, st, "%s \"%.*s\" does not exist", what, STR_ARG(name));
	ddl_say(c, "NOTICE", st, "%s \"%.*s\" does not exist, skipping", what, STR_ARG(name));
	return OK;
}

/* ---- sequences ---- */
static enum status option_number(const struct ast *x, const char *what, int64_t *out, struct error *err)
{
	if (x == NULL || ddl_is_integer(x, out))
		return OK;
	return ERR(err, E_SYNTAX, "%s of a sequence must be an integer", what);
}

static enum status owner_text(const struct name *n, const struct sequence_def *d, struct arena *a, struct str *out)
{
	if (n->count == 0)
		return OK;
	if (n->count == 1) {
		*out = STR(""); /* NONE */
		return OK;
	}
	struct str schema = n->count >= 3 ? n->parts[n->count - 3].text : d->schema;
	*out = arena_strf(a, "%.*s.%.*s.%.*s", STR_ARG(schema.size == 0 ? STR("public") : schema),
	                  STR_ARG(n->parts[n->count - 2].text), STR_ARG(n->parts[n->count - 1].text));
	return OK;
}

enum status ddl_sequence_options(const struct ast_sequence_options *o, struct sequence_def *d, struct error *err)
{
	if (o == NULL)
		return OK;
	bool started = o->start != NULL;
	if (o->as != NULL) {
		struct str type = name_last(&o->as->name);
		bool small = str_eq_nocase(type, STR("smallint")) || str_eq_nocase(type, STR("int2"));
		bool big = str_eq_nocase(type, STR("bigint")) || str_eq_nocase(type, STR("int8"));
		d->type = small ? STR("smallint") : big ? STR("bigint") : STR("integer");
		d->max_value = small ? INT16_MAX : big ? INT64_MAX : INT32_MAX;
	}
	TRY(option_number(o->increment, "INCREMENT", &d->increment, err));
	if (d->increment < 0 && o->increment != NULL) {
		d->max_value = -1;
		d->min_value = str_eq(d->type, STR("smallint")) ? INT16_MIN : str_eq(d->type, STR("integer")) ? INT32_MIN : INT64_MIN;
	}
	TRY(option_number(o->minimum, "MINVALUE", &d->min_value, err));
	TRY(option_number(o->maximum, "MAXVALUE", &d->max_value, err));
	TRY(option_number(o->start, "START", &d->start, err));
	TRY(option_number(o->cache, "CACHE", &d->cache, err));
	if (!started && (o->increment != NULL || o->minimum != NULL || o->maximum != NULL))
		d->start = d->increment < 0 ? d->max_value : d->min_value;
	if (o->cycle)
		d->cycle = true;
	if (o->no_cycle)
		d->cycle = false;
	return OK;
}

enum status ddl_create_sequence(struct ddl_context *c, const struct ast_create_sequence *x, struct error *err)
{
	struct ddl_place p;
	TRY(ddl_new_place(c, &x->name, false, &p, err));
	if (catalog_find_sequence(c->catalog, c->txn, p.database, p.schema, p.name) != NULL)
		return exists_or_skip(c, x->if_not_exists, E_TABLE_EXISTS, "relation", p.name, err);
	struct sequence_def d = {.database = p.database, .schema = p.schema, .name = p.name, .start = 1, .increment = 1,
	                         .min_value = 1, .max_value = INT64_MAX, .cache = 1, .type = STR("bigint")};
	TRY(ddl_sequence_options(x->options, &d, err));
	if (x->options != NULL)
		TRY(owner_text(&x->options->owned_by, &d, c->arena, &d.owned_by));
	return catalog_create_sequence(c->catalog, c->txn, &d, err);
}

static const struct sequence_def *find_sequence(struct ddl_context *c, const struct name *n, struct error *err)
{
	struct ddl_place places[16];
	uint32_t count;
	if (ddl_places(c, n, places, 16, &count, err) != OK)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		const struct sequence_def *d =
			catalog_find_sequence(c->catalog, c->txn, places[i].database, places[i].schema, places[i].name);
		if (d != NULL)
			return d;
	}
	return NULL;
}

static enum status alter_sequence(struct ddl_context *c, const struct ast_alter *x, const struct sequence_def *was,
                                  struct error *err)
{
	struct sequence_def d = *was;
	int64_t restart = was->start;
	bool restarts = false;
	AST_EACH(&x->commands, k) {
		const struct ast_alter_command *cmd = (struct ast_alter_command *)k;
		if (cmd->type == ALTER_RENAME) {
			d.name = name_last(&cmd->target);
		} else if (cmd->type == ALTER_SET_SCHEMA) {
			d.schema = name_last(&cmd->target);
		} else if (cmd->type == ALTER_SEQUENCE_OPTIONS && cmd->definition != NULL) {
			const struct ast_sequence_options *o = (const struct ast_sequence_options *)cmd->definition;
			int64_t start = d.start;
			TRY(ddl_sequence_options(o, &d, err));
			if (o->start == NULL)
				d.start = start;
			TRY(owner_text(&o->owned_by, &d, c->arena, &d.owned_by));
			restart = d.start;
			TRY(option_number(o->restart, "RESTART", &restart, err));
			restarts |= o->restart != NULL || o->restart_only;
		}
	}
	TRY(catalog_replace_sequence(c->catalog, c->txn, &d, err));
	if (!restarts)
		return OK;
	return catalog_sequence_set(c->catalog, c->txn, d.database, d.schema, d.name, restart, false, err);
}

/* ---- types ---- */
static const struct type *enum_type(struct arena *a, const struct str *labels, uint32_t n)
{
	struct enum_value *values = ARENA_ARRAY(a, struct enum_value, n + 1);
	for (uint32_t i = 0; i < n; i++)
		values[i] = (struct enum_value){labels[i], (int16_t)(i + 1)};
	return type_enum(a, n < 127 ? TYPE_ENUM8 : TYPE_ENUM16, values, n);
}

enum status ddl_create_type(struct ddl_context *c, const struct ast_create_type *x, struct error *err)
{
	struct ddl_place p;
	struct arena *a = c->arena;
	TRY(ddl_new_place(c, &x->name, false, &p, err));
	struct type_object d = {.database = p.database, .schema = p.schema, .name = p.name, .owner = c->user,
	                        .definition = STR(""), .comment = STR("")};
	if (x->form == TYPE_ENUM) {
		if (x->labels.count == 0 || x->labels.count > ENUM_LABELS_MAX)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: an enum with %u labels", x->labels.count);
		d.kind = 'e';
		d.labels = ARENA_ARRAY(a, struct str, x->labels.count);
		AST_EACH(&x->labels, l) {
			struct str label;
			if (!ddl_is_string(l, &label))
				return ERR(err, E_SYNTAX, "an enum's label must be a string");
			for (uint32_t i = 0; i < d.label_count; i++)
				if (str_eq(d.labels[i], label)) {
					ERR(err, E_UNIQUE_VIOLATION,
					    "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"");
					return error_detail(err, "Label \"%.*s\" of type \"%.*s\" is given twice.", STR_ARG(label), STR_ARG(p.name));
				}
			d.labels[d.label_count++] = label;
		}
		d.type = enum_type(a, d.labels, d.label_count);
	} else if (x->form == TYPE_DOMAIN) {
		d.kind = 'd';
		TRY(ddl_column_type(c, a, x->domain->type, NULLABILITY_NOT_NULL, &d.type, err));
		d.definition = ast_text(a, &x->domain->ast, DIALECT_POSTGRESQL);
	} else if (x->form == TYPE_COMPOSITE) {
		d.kind = 'c';
		const struct type **types = ARENA_ARRAY(a, const struct type *, x->columns.count + 1);
		struct str *names = ARENA_ARRAY(a, struct str, x->columns.count + 1);
		uint32_t n = 0;
		AST_EACH(&x->columns, k) {
			const struct ast_column_def *col = (struct ast_column_def *)k;
			TRY(ddl_column_type(c, a, col->type, NULLABILITY_UNSAID, &types[n], err));
			names[n++] = name_last(&col->name);
		}
		d.type = type_tuple(a, types, names, n);
	} else {
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: CREATE TYPE of this form");
	}
	return catalog_create_type(c->catalog, c->txn, &d, err);
}

static const struct type_object *find_type(struct ddl_context *c, const struct name *n)
{
	struct ddl_place places[16];
	uint32_t count;
	if (ddl_places(c, n, places, 16, &count, NULL) != OK)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		const struct type_object *d = catalog_find_type(c->catalog, c->txn, places[i].database, places[i].schema,
		                                                places[i].name);
		if (d != NULL)
			return d;
	}
	return NULL;
}

/* ---- columns of a named type ---- */

struct type_users {
	uint32_t oid;
	struct arena *a;
	uint32_t *tables;           /* OIDs */
	size_t count, capacity;
	struct str table, column;   /* of the first */
};

static bool uses_type(const struct type *t, uint32_t oid)
{
	if (t->face == FACE_ENUM && (uint32_t)t->typmod == oid)
		return true;
	for (uint32_t i = 0; i < t->child_count; i++)
		if (uses_type(t->children[i], oid))
			return true;
	return false;
}

static enum status note_user(void *arg, struct table *t)
{
	struct type_users *u = arg;
	const struct table_def *d = t->def;
	for (uint32_t i = 0; i < d->column_count; i++) {
		if (!uses_type(d->columns[i].type, u->oid))
			continue;
		if (u->count == 0) {
			u->table = arena_str(u->a, d->name);
			u->column = arena_str(u->a, d->columns[i].name);
		}
		ARENA_PUSH(u->a, u->tables, u->count, u->capacity, d->oid);
		break;
	}
	return OK;
}

static enum status find_users(struct ddl_context *c, const struct type_object *d, struct type_users *out)
{
	*out = (struct type_users){.oid = d->oid, .a = c->arena};
	return catalog_each_table(c->catalog, c->txn, d->database, note_user, out);
}

static enum status drop_type(struct ddl_context *c, const struct type_object *d, struct error *err)
{
	struct type_users u;
	if (d->kind == 'd')
		TRY(ddl_check_domain_unused(c, d, NULL, err));
	TRY(find_users(c, d, &u));
	if (u.count == 0)
		return catalog_drop_type(c->catalog, c->txn, d, err);
	ERR(err, E_DEPENDENT_OBJECTS, "cannot drop type %.*s because other objects depend on it", STR_ARG(d->name));
	error_detail(err, "column %.*s of table %.*s depends on type %.*s", STR_ARG(u.column), STR_ARG(u.table),
	             STR_ARG(d->name));
	return error_hint(err, "Drop the columns first.");
}

/* The type with the labels of the enum as it is now. */
static const struct type *relabelled(struct arena *a, const struct type *t, const struct type_object *d)
{
	if (!uses_type(t, d->oid))
		return t;
	if (t->face == FACE_ENUM)
		return t->nullable ? type_nullable(a, type_object_type(a, d)) : type_object_type(a, d);
	struct type *own = arena_copy(a, t, sizeof *t);
	own->children = ARENA_ARRAY(a, const struct type *, t->child_count + 1);
	for (uint32_t i = 0; i < t->child_count; i++)
		own->children[i] = relabelled(a, t->children[i], d);
	return own;
}

/* Columns of an enum that has more labels now take them too. */
static enum status widen_columns(struct ddl_context *c, const struct type_object *d, struct error *err)
{
	struct type_users u;
	TRY(find_users(c, d, &u));
	for (size_t i = 0; i < u.count; i++) {
		struct table *t = catalog_find_table_oid(c->catalog, c->txn, u.tables[i]);
		if (t == NULL)
			continue;
		struct table_def *def = table_def_clone(t->def, c->track);
		enum status st = def == NULL ? ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a table's definition") : OK;
		for (uint32_t k = 0; st == OK && k < def->column_count; k++)
			def->columns[k].type = relabelled(&def->arena, def->columns[k].type, d);
		if (st == OK)
			st = catalog_alter_table(c->catalog, c->txn, table_def_ref(def), err);
		if (st == OK && t->ops->alter != NULL)
			st = t->ops->alter(t, c->txn, def, err);
		table_def_unref(def);
		table_release(t);
		TRY(st);
	}
	return OK;
}

static enum status rename_label(struct ddl_context *c, struct type_object *d, const struct ast_alter_command *x,
                                struct error *err)
{
	struct str from, to;
	uint32_t at = d->label_count;
	if (d->kind != 'e' || !ddl_is_string(x->value, &from) || !ddl_is_string(x->destination, &to))
		return ERR(err, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not an enum", STR_ARG(d->name));
	for (uint32_t i = 0; i < d->label_count; i++) {
		if (str_eq(d->labels[i], to))
			return ERR(err, E_OBJECT_EXISTS, "enum label \"%.*s\" already exists", STR_ARG(to));
		if (str_eq(d->labels[i], from))
			at = i;
	}
	if (at == d->label_count)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "\"%.*s\" is not an existing enum label", STR_ARG(from));
	d->labels = arena_copy(c->arena, d->labels, d->label_count * sizeof *d->labels);
	d->labels[at] = to;
	d->type = enum_type(c->arena, d->labels, d->label_count);
	return OK;
}

/* A new label goes to the end of the values, wherever it sorts: stored numbers must stay. */
static enum status add_label(struct ddl_context *c, struct type_object *d, const struct ast_alter_command *x,
                             struct error *err)
{
	struct str label;
	if (d->kind != 'e' || !ddl_is_string(x->value, &label))
		return ERR(err, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not an enum", STR_ARG(d->name));
	for (uint32_t i = 0; i < d->label_count; i++)
		if (str_eq(d->labels[i], label))
			return exists_or_skip(c, x->if_not_exists, E_OBJECT_EXISTS, "enum label", label, err);
	struct str *labels = ARENA_ARRAY(c->arena, struct str, d->label_count + 1);
	memcpy(labels, d->labels, d->label_count * sizeof *labels);
	if (x->destination != NULL)
		ddl_say(c, "NOTICE", E_NOT_IMPLEMENTED, "the label \"%.*s\" sorts behind the others", STR_ARG(label));
	labels[d->label_count++] = label;
	d->labels = labels;
	d->type = enum_type(c->arena, labels, d->label_count);
	return OK;
}

static enum status alter_type(struct ddl_context *c, const struct ast_alter *x, const struct type_object *was,
                              struct error *err)
{
	struct type_object d = *was;
	bool relabels = false, redefined = false;
	if (d.kind == 'd')
		TRY(ddl_alter_domain(c, x, &d, &redefined, err));
	AST_EACH(&x->commands, k) {
		const struct ast_alter_command *cmd = (struct ast_alter_command *)k;
		switch (cmd->type) {
		case ALTER_ADD_VALUE:
			TRY(add_label(c, &d, cmd, err));
			relabels = true;
			break;
		case ALTER_RENAME:
			d.name = name_last(&cmd->target);
			break;
		case ALTER_SET_SCHEMA:
			d.schema = name_last(&cmd->target);
			break;
		case ALTER_OWNER:
			d.owner = name_last(&cmd->name);
			break;
		case ALTER_RENAME_VALUE:
			TRY(rename_label(c, &d, cmd, err));
			relabels = true;
			break;
		default:
			break;
		}
	}
	TRY(catalog_replace_type(c->catalog, c->txn, &d, err));
	if (redefined)
		return ddl_refresh_domain(c, &d, err);
	return relabels ? widen_columns(c, &d, err) : OK;
}

/* ---- extensions and other recorded objects ---- */
enum status ddl_create_extension(struct ddl_context *c, const struct ast_create_extension *x, struct error *err)
{
	static const struct {
		const char *name, *version;
	} built_in[] = {{"plpgsql", "1.0"}, {"vector", "0.8.0"}, {"pg_trgm", "1.6"}, {"uuid-ossp", "1.1"}, {"pgcrypto", "1.3"},
	                {"pg_stat_statements", "1.10"}, {"citext", "1.6"}, {"btree_gin", "1.3"}, {"btree_gist", "1.7"},
	                {"unaccent", "1.1"}, {"hstore", "1.8"}, {"intarray", "1.5"}, {"timescaledb", "2.0"}};
	for (size_t i = 0; i < ARRAY_COUNT(built_in); i++) {
		if (!str_eq(x->name, str_of(built_in[i].name)))
			continue;
		if (catalog_find_recorded(c->catalog, c->txn, STR("EXTENSION"), c->session->database, STR(""), x->name) != NULL)
			return exists_or_skip(c, x->if_not_exists, E_OBJECT_EXISTS, "extension", x->name, err);
		const struct recorded_def d = {.kind = STR("EXTENSION"), .database = c->session->database, .name = x->name,
		                               .version = str_of(built_in[i].version), .owner = c->user};
		return catalog_create_recorded(c->catalog, c->txn, &d, err);
	}
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: extension \"%.*s\"", STR_ARG(x->name));
}

/* Triggers, rules, policies: kept for a dump to show, with a word that they do nothing. */
enum status ddl_recorded(struct ddl_context *c, const struct ast_recorded *x, struct ddl_result *out, struct error *err)
{
	static const enum object_type silent[] = {OBJECT_DEFAULT_PRIVILEGES, OBJECT_STATISTICS, OBJECT_LANGUAGE,
	                                          OBJECT_COLLATION, OBJECT_SYSTEM};
	const char *words = object_type_words(x->object);
	if (x->tag.size != 0)
		out->tag = arena_strndup(c->arena, x->tag.data, x->tag.size);
	bool say = true;
	for (size_t i = 0; i < ARRAY_COUNT(silent); i++)
		say &= x->object != silent[i];
	if (x->name.count == 0)
		return OK;
	struct recorded_def d = {.kind = str_of(words), .database = c->session->database, .name = name_last(&x->name),
	                         .on = name_last(&x->on), .text = x->text, .owner = c->user};
	if (!str_starts_with_nocase(x->tag, STR("CREATE")))
		return OK;
	if (catalog_find_recorded(c->catalog, c->txn, d.kind, d.database, STR(""), d.name) == NULL)
		TRY(catalog_create_recorded(c->catalog, c->txn, &d, err));
	if (say)
		ddl_say(c, "NOTICE", E_NOT_IMPLEMENTED, "%s \"%.*s\" is recorded and has no effect", words, STR_ARG(d.name));
	return OK;
}

/* ---- DROP and ALTER of the lot ---- */
struct index_search {
	struct str name;
	struct str database;
	uint32_t oid;
	bool constraint;
};

static enum status note_index(void *arg, struct table *t)
{
	struct index_search *s = arg;
	if (t->def->oid < 20000)
		return OK;
	for (uint32_t i = 0; i < t->def->index_count; i++)
		if (str_eq(t->def->indexes[i].name, s->name))
			s->oid = t->def->oid;
	for (uint32_t i = 0; i < t->def->constraint_count; i++)
		if (str_eq(t->def->constraints[i].name, s->name) && strchr("pu", t->def->constraints[i].kind) != NULL) {
			s->oid = t->def->oid;
			s->constraint = true;
		}
	return OK;
}

static enum status change_index(struct ddl_context *c, struct str name, const struct name *on, struct str rename,
                                bool if_exists, struct error *err)
{
	struct index_search s = {.name = name};
	struct table *t;
	if (on != NULL && on->count != 0) {
		TRY(ddl_find_table(c, on, false, &t, err));
		t = table_ref(t);
		(void)note_index(&s, t);
	} else {
		TRY(catalog_each_table(c->catalog, c->txn, c->session->database, note_index, &s));
		t = s.oid == 0 ? NULL : catalog_find_table_oid(c->catalog, c->txn, s.oid);
	}
	if (s.oid == 0) {
		table_release(t);
		return missing_or_skip(c, if_exists, E_UNKNOWN_OBJECT, "index", name, err);
	}
	struct table_def *def = ddl_copy_def(c, t);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < def->index_count; i++) {
		if (str_eq(def->indexes[i].name, name)) {
			if (rename.size == 0)
				continue;
			def->indexes[i].name = arena_str(&def->arena, rename);
		}
		def->indexes[kept++] = def->indexes[i];
	}
	bool dropped = kept != def->index_count;
	def->index_count = kept;
	for (uint32_t i = 0; i < def->constraint_count && rename.size != 0; i++)
		if (str_eq(def->constraints[i].name, name))
			def->constraints[i].name = arena_str(&def->arena, rename);
	if (rename.size == 0 && !dropped && s.constraint) {
		table_def_unref(def);
		table_release(t);
		return ERR(err, E_DEPENDENT_OBJECTS, "cannot drop index %.*s because a constraint requires it", STR_ARG(name));
	}
	(void)table_def_ref(def);
	enum status st = catalog_alter_table(c->catalog, c->txn, def, err);
	if (st == OK && t->ops->alter != NULL)
		st = t->ops->alter(t, c->txn, def, err);
	table_def_unref(def);
	table_release(t);
	return st;
}

static enum status drop_recorded(struct ddl_context *c, const struct ast_drop *x, struct str name, struct error *err)
{
	const char *words = object_type_words(x->object);
	const struct recorded_def *d =
		catalog_find_recorded(c->catalog, c->txn, str_of(words), c->session->database, STR(""), name);
	if (d != NULL)
		return catalog_drop_recorded(c->catalog, c->txn, d, err);
	char lower[64];
	size_t n = strlen(words) < sizeof lower - 1 ? strlen(words) : sizeof lower - 1;
	for (size_t i = 0; i < n; i++)
		lower[i] = ascii_lower(words[i]);
	lower[n] = '\0';
	return missing_or_skip(c, x->if_exists, E_UNKNOWN_OBJECT, lower, name, err);
}

enum status ddl_drop_object(struct ddl_context *c, const struct ast_drop *x, struct error *err)
{
	AST_EACH(&x->names, n) {
		const struct name *full = n->kind == AST_CALL ? &((struct ast_call *)n)->name : &((struct ast_identifier *)n)->name;
		struct str name;
		TRY(ddl_part(c, &full->parts[full->count - 1], &name, err));
		if (x->object == OBJECT_SEQUENCE) {
			const struct sequence_def *d = find_sequence(c, full, err);
			TRY(d == NULL ? missing_or_skip(c, x->if_exists, E_UNKNOWN_TABLE, "sequence", name, err)
			              : catalog_drop_sequence(c->catalog, c->txn, d->database, d->schema, d->name, err));
		} else if (x->object == OBJECT_TYPE || x->object == OBJECT_DOMAIN) {
			const struct type_object *d = find_type(c, full);
			TRY(d == NULL ? missing_or_skip(c, x->if_exists, E_UNKNOWN_TYPE, "type", name, err)
			              : drop_type(c, d, err));
		} else if (x->object == OBJECT_INDEX) {
			TRY(change_index(c, name, &x->on, STR(""), x->if_exists, err));
		} else if (x->object == OBJECT_DICTIONARY && !x->if_exists) {
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: dictionaries");
		} else {
			TRY(drop_recorded(c, x, name, err));
		}
	}
	return OK;
}

static enum status alter_schema(struct ddl_context *c, const struct ast_alter *x, struct error *err)
{
	struct schema_def d = {.database = c->session->database, .name = name_last(&x->name), .owner = c->user,
	                       .comment = STR("")};
	AST_EACH(&x->commands, k) {
		const struct ast_alter_command *cmd = (struct ast_alter_command *)k;
		if (cmd->type == ALTER_RENAME)
			d.name = name_last(&cmd->target);
		else if (cmd->type == ALTER_OWNER)
			d.owner = name_last(&cmd->name);
	}
	if (str_eq(d.name, name_last(&x->name)) && str_eq(d.name, STR("public")))
		return OK; /* ALTER SCHEMA public OWNER TO … of a dump */
	return catalog_replace_schema(c->catalog, c->txn, name_last(&x->name), &d, err);
}

static enum status alter_database(struct ddl_context *c, const struct ast_alter *x, struct error *err)
{
	AST_EACH(&x->commands, k) {
		const struct ast_alter_command *cmd = (struct ast_alter_command *)k;
		struct str comment;
		if (cmd->type == ALTER_RENAME)
			TRY(catalog_rename_database(c->catalog, c->txn, name_last(&x->name), name_last(&cmd->target), err));
		else if (cmd->type == ALTER_MODIFY_COMMENT && ddl_is_string(cmd->value, &comment))
			TRY(catalog_comment_database(c->catalog, c->txn, name_last(&x->name), comment, err));
		else if (cmd->type == ALTER_CONFIGURE)
			ddl_say(c, "NOTICE", E_NOT_IMPLEMENTED, "settings of a database have no effect");
	}
	return OK;
}

enum status ddl_alter_object(struct ddl_context *c, const struct ast_alter *x, struct error *err)
{
	struct str name = name_last(&x->name);
	const struct sequence_def *sequence;
	const struct type_object *type;
	switch (x->object) {
	case OBJECT_TABLE:
	case OBJECT_SEQUENCE:
		sequence = find_sequence(c, &x->name, err);
		if (sequence != NULL)
			return alter_sequence(c, x, sequence, err);
		return missing_or_skip(c, x->if_exists, x->object == OBJECT_TABLE ? E_UNKNOWN_OBJECT : E_UNKNOWN_TABLE, "relation",
		                       name, err);
	case OBJECT_TYPE:
	case OBJECT_DOMAIN:
		type = find_type(c, &x->name);
		if (type != NULL)
			return alter_type(c, x, type, err);
		return missing_or_skip(c, x->if_exists, E_UNKNOWN_TYPE, "type", name, err);
	case OBJECT_INDEX:
		AST_EACH(&x->commands, k) {
			const struct ast_alter_command *cmd = (struct ast_alter_command *)k;
			if (cmd->type == ALTER_RENAME)
				TRY(change_index(c, name, NULL, name_last(&cmd->target), x->if_exists, err));
		}
		return OK;
	case OBJECT_SCHEMA:
		return alter_schema(c, x, err);
	case OBJECT_DATABASE:
		return alter_database(c, x, err);
	default:
		ddl_say(c, "NOTICE", E_NOT_IMPLEMENTED, "ALTER %s has no effect", object_type_words(x->object));
		return OK;
	}
}

/* ---- COMMENT ON ---- */
static enum status comment_table(struct ddl_context *c, const struct name *n, struct str column, struct str text,
                                 struct error *err)
{
	struct table *t;
	TRY(ddl_find_table(c, n, false, &t, err));
	struct table_def *def = ddl_copy_def(c, t);
	if (column.size == 0) {
		def->comment = arena_str(&def->arena, text);
	} else {
		struct column_def *d = (struct column_def *)table_def_column(def, column);
		if (d == NULL) {
			table_def_unref(def);
			return ERR(err, E_UNKNOWN_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist", STR_ARG(column),
			           STR_ARG(name_last(n)));
		}
		d->comment = arena_str(&def->arena, text);
	}
	return catalog_alter_table(c->catalog, c->txn, def, err);
}

enum status ddl_comment(struct ddl_context *c, const struct ast_comment *x, struct error *err)
{
	struct str text = STR("");
	(void)ddl_is_string(x->text, &text);
	switch (x->object) {
	case OBJECT_TABLE:
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_FOREIGN_TABLE:
		return comment_table(c, &x->name, STR(""), text, err);
	case OBJECT_COLUMN: {
		if (x->name.count < 2)
			return ERR(err, E_SYNTAX, "column name must be qualified");
		const struct name table = {x->name.parts, x->name.count - 1};
		return comment_table(c, &table, name_last(&x->name), text, err);
	}
	case OBJECT_DATABASE:
		return catalog_comment_database(c->catalog, c->txn, name_last(&x->name), text, err);
	case OBJECT_SCHEMA: {
		const struct schema_def d = {.database = c->session->database, .name = name_last(&x->name), .owner = c->user,
		                             .comment = text};
		return str_eq(d.name, STR("public")) ? OK : catalog_replace_schema(c->catalog, c->txn, d.name, &d, err);
	}
	case OBJECT_TYPE:
	case OBJECT_DOMAIN: {
		const struct type_object *was = find_type(c, &x->name);
		if (was == NULL)
			return missing_or_skip(c, false, E_UNKNOWN_TYPE, "type", name_last(&x->name), err);
		struct type_object d = *was;
		d.comment = text;
		return catalog_replace_type(c->catalog, c->txn, &d, err);
	}
	default:
		return OK; /* recorded nowhere: extensions, indexes, constraints of a dump */
	}
}
