// SPDX-License-Identifier: Apache-2.0
#include "catalog/column_note.h"

/* `columns` is the name, in double quotes where it needs them. */
static bool is_quoted_name(struct str columns, struct str name)
{
	if (str_eq(columns, name))
		return true;
	if (columns.size < 2 || columns.data[0] != '"')
		return false;
	size_t at = 1;
	for (size_t i = 0; i < name.size; i++) {
		if (at >= columns.size || columns.data[at++] != name.data[i])
			return false;
		if (name.data[i] == '"')
			at++;
	}
	return at == columns.size - 1;
}

const struct constraint_def *table_def_note(const struct table_def *d, const struct column_def *c, char kind)
{
	for (uint32_t i = 0; i < d->constraint_count; i++)
		if (d->constraints[i].kind == kind && is_quoted_name(d->constraints[i].columns, c->name))
			return &d->constraints[i];
	return NULL;
}

bool table_def_always_identity(const struct table_def *d, const struct column_def *c)
{
	const struct constraint_def *k = table_def_note(d, c, 'i');
	return k != NULL && str_eq(k->definition, STR("ALWAYS"));
}
