// SPDX-License-Identifier: Apache-2.0
#include "catalog/objects.h"
#include "parse/print.h"
#include "plan/binder_impl.h"

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The family of this name in any case; itself when there is none. */
static struct str family_of(struct str word)
{
	const char *name, *alias_to;
	bool nocase;
	for (uint32_t i = 0; type_family_at(i, &name, &nocase, &alias_to); i++)
		if (str_eq_nocase(word, str_of(name)))
			return str_of(name);
	return word;
}

/* PostgreSQL folds what is not quoted: uint64 means UInt64. A word before another one names an element of a tuple. */
static struct str in_case(struct arena *a, struct str text)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	for (size_t i = 0; i < text.size;) {
		size_t end = i + 1;
		if (text.data[i] == '\'') {
			while (end < text.size && text.data[end] != '\'')
				end += text.data[end] == '\\' ? 2 : 1;
			end = end < text.size ? end + 1 : text.size;
			strbuf_put(&b, text.data + i, end - i);
		} else if (is_word_char(text.data[i])) {
			while (end < text.size && is_word_char(text.data[end]))
				end++;
			struct str one = str_make(text.data + i, end - i);
			bool element = end + 1 < text.size && text.data[end] == ' ' && is_word_char(text.data[end + 1]);
			strbuf_puts(&b, element ? one : family_of(one));
		} else {
			strbuf_putc(&b, text.data[i]);
		}
		i = end;
	}
	struct str out = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return out;
}

enum status bind_type(struct arena *a, const struct ast_type *t, enum dialect dialect, const struct type **out,
                      struct error *err)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	ast_print_type(&text, t, &(struct print_options){.dialect = dialect});
	struct str name = strbuf_str(&text);
	/* pg_catalog.int4 is int4 */
	if (dialect == DIALECT_POSTGRESQL && str_starts_with_nocase(name, STR("pg_catalog."))) {
		name.data += 11;
		name.size -= 11;
	}
	struct error first;
	error_init(&first);
	enum status s = E_UNKNOWN_TYPE;
	if (dialect == DIALECT_POSTGRESQL)
		s = type_parse_pg(a, name, 6, out, &first);
	if (s == E_UNKNOWN_TYPE) {
		error_clear(&first);
		s = type_parse(a, name, out, &first);
	}
	if (s == E_UNKNOWN_TYPE && dialect == DIALECT_POSTGRESQL) {
		error_clear(&first);
		s = type_parse(a, in_case(a, name), out, &first);
	}
	if (s == E_UNKNOWN_TYPE && dialect == DIALECT_POSTGRESQL)
		ERR(err, s, "type \"%.*s\" does not exist", STR_ARG(name));
	else if (s != OK && err != NULL && !error_is_set(err))
		*err = first;
	if (s != OK)
		error_at(err, t->ast.position);
	strbuf_fini(&text);
	return s;
}

/* The type of this name in a schema; NULL: none. */
static const struct type_object *find_in(struct binder *b, struct str schema, struct str name)
{
	return catalog_find_type(b->config->catalog, b->config->txn, b->session->database, schema, name);
}

static const struct type_object *find_named(struct binder *b, const struct name *n)
{
	const struct type_object *d = NULL;
	if (b->config->catalog == NULL || b->config->txn == NULL || n->count == 0)
		return NULL;
	if (n->count >= 2)
		return find_in(b, n->parts[n->count - 2].text, name_last(n));
	struct str path = b->session->search_path;
	while (d == NULL && path.size != 0) {
		ptrdiff_t comma = str_find_char(path, ',');
		struct str one = str_trim(comma < 0 ? path : str_make(path.data, (size_t)comma));
		path = comma < 0 ? STR("") : str_make(path.data + comma + 1, path.size - (size_t)comma - 1);
		if (one.size >= 2 && one.data[0] == '"')
			one = str_make(one.data + 1, one.size - 2);
		if (one.size != 0 && !str_eq(one, STR("$user")))
			d = find_in(b, one, name_last(n));
	}
	return d != NULL ? d : find_in(b, STR("public"), name_last(n));
}

enum status bind_any_type(struct binder *b, const struct ast_type *t, const struct type **out)
{
	struct error why;
	error_init(&why);
	enum status s = bind_type(b->arena, t, b->dialect, out, &why);
	if (s == OK)
		return OK;
	const struct type_object *d = s == E_UNKNOWN_TYPE && !t->has_args ? find_named(b, &t->name) : NULL;
	const struct type *type = d == NULL ? NULL : type_object_type(b->arena, d);
	if (type == NULL) {
		if (b->err != NULL && !error_is_set(b->err))
			*b->err = why;
		return s;
	}
	for (unsigned i = 0; i < t->dimensions; i++)
		type = type_array(b->arena, i == 0 && type->id != TYPE_TUPLE ? type_nullable(b->arena, type) : type);
	*out = type;
	return OK;
}
