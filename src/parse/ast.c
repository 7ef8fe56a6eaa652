// SPDX-License-Identifier: Apache-2.0
/*
 * Copying, comparing, hashing and walking trees. One table of members (ast_fields.def) serves them all, so that a new
 * member is one word there. Recursion is bounded by the depth that the parser allowed.
 */
#include "parse/ast.h"

#include <assert.h>

#include "parse/ast_admin.h"
#include "parse/ast_command.h"

enum field_type { FIELD_NODE, FIELD_LIST, FIELD_STR, FIELD_NAME, FIELD_PART, FIELD_PARTP, FIELD_VALUE, FIELD_SPELLING,
	FIELD_SPELLING_STR };

struct field {
	uint8_t kind; /* enum ast_kind */
	uint8_t type;
	uint16_t offset, size;
};

#define ROW(type, KIND, kind, member) \
	{AST_##KIND, FIELD_##type, offsetof(struct ast_##kind, member), sizeof(((struct ast_##kind *)0)->member)},
#define NODE(KIND, kind, member) ROW(NODE, KIND, kind, member)
#define LIST(KIND, kind, member) ROW(LIST, KIND, kind, member)
#define NAME(KIND, kind, member) ROW(NAME, KIND, kind, member)
#define PART(KIND, kind, member) ROW(PART, KIND, kind, member)
#define PARTP(KIND, kind, member) ROW(PARTP, KIND, kind, member)
#define VALUE(KIND, kind, member) ROW(VALUE, KIND, kind, member)
#define SPELLING(KIND, kind, member) ROW(SPELLING, KIND, kind, member)
#define SPELLING_STR(KIND, kind, member) ROW(SPELLING_STR, KIND, kind, member)
#undef STR
#define STR(KIND, kind, member) ROW(STR, KIND, kind, member)

static const struct field fields[] = {
#include "parse/ast_fields.def"
	{AST_KIND_COUNT, FIELD_VALUE, 0, 0},
};

static_assert(AST_KIND_COUNT < 255, "kinds fit the field table");
static_assert(sizeof fields / sizeof fields[0] < UINT16_MAX, "rows can be numbered");

static const struct {
	const char *name;
	uint16_t size;
} kinds[AST_KIND_COUNT] = {
#define AST_KIND(NAME, name) [AST_##NAME] = {#name, sizeof(struct ast_##name)},
#include "parse/ast_kind.def"
#undef AST_KIND
};

/* Kinds and rows are in the same order, so a search by halving finds the first row. */
static const struct field *fields_of(enum ast_kind kind)
{
	size_t low = 0, high = sizeof fields / sizeof fields[0];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (fields[middle].kind < kind)
			low = middle + 1;
		else
			high = middle;
	}
	return &fields[low];
}

#define EACH_FIELD(ast, f) for (const struct field *f = fields_of((ast)->kind); f->kind == (ast)->kind; f++)
#define AT(T, ast, f) ((T *)(void *)((char *)(uintptr_t)(ast) + (f)->offset))

const char *ast_kind_name(enum ast_kind kind)
{
	assert(kind < AST_KIND_COUNT);
	return kinds[kind].name;
}

void ast_list_push(struct arena *a, struct ast_list *list, struct ast *item)
{
	size_t count = list->count;
	list->items = arena_grow(a, list->items, count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = item;
}

/* ---- names ---- */

bool name_is(const struct name *name, const char *text)
{
	return name->count == 1 && str_eq(name->parts[0].text, str_of(text));
}

static bool part_equal(const struct name_part *a, const struct name_part *b)
{
	return a->parameter == b->parameter && str_eq(a->text, b->text);
}

bool name_equal(const struct name *a, const struct name *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!part_equal(&a->parts[i], &b->parts[i]))
			return false;
	return true;
}

struct str name_last(const struct name *name)
{
	return name->count == 0 ? (struct str){"", 0} : name->parts[name->count - 1].text;
}

/* ---- copying ---- */

static struct name_part *clone_parts(struct arena *a, const struct name_part *parts, unsigned count)
{
	struct name_part *copy = ARENA_ARRAY(a, struct name_part, count);
	for (unsigned i = 0; i < count; i++) {
		copy[i] = parts[i];
		copy[i].text = arena_str(a, parts[i].text);
	}
	return copy;
}

static void clone_list(struct arena *a, struct ast_list *list)
{
	struct ast **items = ARENA_ARRAY(a, struct ast *, list->count);
	for (unsigned i = 0; i < list->count; i++)
		items[i] = ast_clone(a, list->items[i]);
	list->items = list->count == 0 ? NULL : items;
	list->capacity = list->count;
}

struct ast *ast_clone(struct arena *a, const struct ast *ast)
{
	if (ast == NULL)
		return NULL;
	struct ast *copy = arena_copy(a, ast, kinds[ast->kind].size);
	if (ast->alias != NULL)
		copy->alias = clone_parts(a, ast->alias, 1);
	EACH_FIELD(copy, f) {
		struct str *s = AT(struct str, copy, f);
		switch ((enum field_type)f->type) {
		case FIELD_NODE: *AT(struct ast *, copy, f) = ast_clone(a, *AT(struct ast *, copy, f)); break;
		case FIELD_LIST: clone_list(a, AT(struct ast_list, copy, f)); break;
		case FIELD_STR: case FIELD_SPELLING_STR:
			if (s->data != NULL)
				*s = arena_str(a, *s);
			break;
		case FIELD_NAME: {
			struct name *n = AT(struct name, copy, f);
			n->parts = n->count == 0 ? NULL : clone_parts(a, n->parts, n->count);
			break;
		}
		case FIELD_PART: *AT(struct name_part, copy, f) = *clone_parts(a, AT(struct name_part, copy, f), 1); break;
		case FIELD_PARTP: {
			struct name_part **p = AT(struct name_part *, copy, f);
			*p = *p == NULL ? NULL : clone_parts(a, *p, 1);
			break;
		}
		case FIELD_VALUE: case FIELD_SPELLING: break;
		}
	}
	return copy;
}

/* ---- comparing ---- */

static bool equal(const struct ast *a, const struct ast *b, bool aliased);

static bool list_equal(const struct ast_list *a, const struct ast_list *b, bool aliased)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!equal(a->items[i], b->items[i], aliased))
			return false;
	return true;
}

static bool optional_part_equal(const struct name_part *a, const struct name_part *b)
{
	return a == NULL || b == NULL ? a == b : part_equal(a, b);
}

static bool field_equal(const struct ast *a, const struct ast *b, const struct field *f, bool aliased)
{
	switch ((enum field_type)f->type) {
	case FIELD_NODE: return equal(*AT(struct ast *, a, f), *AT(struct ast *, b, f), aliased);
	case FIELD_LIST: return list_equal(AT(struct ast_list, a, f), AT(struct ast_list, b, f), aliased);
	case FIELD_STR: {
		const struct str *s = AT(struct str, a, f), *t = AT(struct str, b, f);
		return (s->data == NULL) == (t->data == NULL) && str_eq(*s, *t);
	}
	case FIELD_NAME: return name_equal(AT(struct name, a, f), AT(struct name, b, f));
	case FIELD_PART: return part_equal(AT(struct name_part, a, f), AT(struct name_part, b, f));
	case FIELD_PARTP: return optional_part_equal(*AT(struct name_part *, a, f), *AT(struct name_part *, b, f));
	case FIELD_VALUE: return memcmp(AT(char, a, f), AT(char, b, f), f->size) == 0;
	case FIELD_SPELLING: case FIELD_SPELLING_STR: break;
	}
	return true;
}

static bool equal(const struct ast *a, const struct ast *b, bool aliased)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (a->kind != b->kind || (aliased && !optional_part_equal(a->alias, b->alias)))
		return false;
	EACH_FIELD(a, f)
		if (!field_equal(a, b, f, aliased))
			return false;
	return true;
}

bool ast_equal(const struct ast *a, const struct ast *b)
{
	return equal(a, b, false);
}

bool ast_equal_aliased(const struct ast *a, const struct ast *b)
{
	return equal(a, b, true);
}

static uint64_t mix(uint64_t h, const void *data, size_t size)
{
	const unsigned char *p = data;
	for (size_t i = 0; i < size; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return h ^ h >> 31;
}

static uint64_t hash(const struct ast *ast, uint64_t h)
{
	if (ast == NULL)
		return mix(h, "", 1);
	h = mix(h, &ast->kind, sizeof ast->kind);
	EACH_FIELD(ast, f) {
		const struct str *s = AT(struct str, ast, f);
		const struct ast_list *list = AT(struct ast_list, ast, f);
		const struct name *name = AT(struct name, ast, f);
		switch ((enum field_type)f->type) {
		case FIELD_NODE: h = hash(*AT(struct ast *, ast, f), h); break;
		case FIELD_LIST:
			for (unsigned i = 0; i < list->count; i++)
				h = hash(list->items[i], h);
			h = mix(h, &list->count, sizeof list->count);
			break;
		case FIELD_STR: h = mix(h, s->data, s->size); break;
		case FIELD_NAME:
			for (unsigned i = 0; i < name->count; i++)
				h = mix(h, name->parts[i].text.data, name->parts[i].text.size);
			break;
		case FIELD_VALUE: h = mix(h, AT(char, ast, f), f->size); break;
		default: break;
		}
	}
	return h;
}

uint64_t ast_hash(const struct ast *ast)
{
	return hash(ast, 0xcbf29ce484222325u);
}

/* ---- walking ---- */

void ast_children(struct ast *ast, ast_child visit, void *context)
{
	EACH_FIELD(ast, f) {
		if (f->type == FIELD_NODE) {
			struct ast **child = AT(struct ast *, ast, f);
			if (*child != NULL)
				visit(child, context);
		} else if (f->type == FIELD_LIST) {
			struct ast_list *list = AT(struct ast_list, ast, f);
			for (unsigned i = 0; i < list->count; i++)
				visit(&list->items[i], context);
		}
	}
}

struct walk {
	ast_visit visit;
	void *context;
};

static void walk_child(struct ast **child, void *context)
{
	struct walk *w = context;
	ast_walk(*child, w->visit, w->context);
}

void ast_walk(struct ast *ast, ast_visit visit, void *context)
{
	struct walk w = {visit, context};
	if (ast != NULL && visit(ast, context))
		ast_children(ast, walk_child, &w);
}

/* ---- words ---- */

const char *object_type_words(enum object_type type)
{
	static const char *const words[] = {
#define OBJECT_TYPE(NAME, text) [OBJECT_##NAME] = text,
#include "parse/object_type.def"
#undef OBJECT_TYPE
	};
	assert(type < OBJECT_TYPE_COUNT);
	return words[type];
}
