// SPDX-License-Identifier: Apache-2.0
#include "parse/print.h"
#include "plan/binder_impl.h"

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
	if (s == E_UNKNOWN_TYPE && dialect == DIALECT_POSTGRESQL)
		ERR(err, s, "type \"%.*s\" does not exist", STR_ARG(name));
	else if (s != OK && err != NULL && !error_is_set(err))
		*err = first;
	if (s != OK)
		error_at(err, t->ast.position);
	strbuf_fini(&text);
	return s;
}
