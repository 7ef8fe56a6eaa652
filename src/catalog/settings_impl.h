// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_SETTINGS_IMPL_H
#define CATALOG_SETTINGS_IMPL_H
/* Values of settings: their text to numbers and back (settings_value.c). */
#include "catalog/settings.h"

struct setting_value {
	uint64_t u;    /* BOOL, U64, I64 (as bits), SECONDS and MS in µs, ENUM as its index */
	double f;      /* FLOAT */
	char *text;    /* TEXT, MAP, ENUM's choice: malloced, NUL-terminated; else NULL */
	size_t size;
};

/* On OK the caller owns out->text. In the postgresql dialect plain numbers of times are milliseconds. */
enum status setting_parse(const struct setting_info *info, enum dialect dialect, struct str text,
                          struct setting_value *out, struct error *err) MUST_CHECK;
void setting_write(const struct setting_info *info, enum dialect dialect, const struct setting_value *v,
                   struct strbuf *out);

#endif
