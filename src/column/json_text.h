// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_JSON_TEXT_H
#define COLUMN_JSON_TEXT_H
/*
 * PostgreSQL's json and jsonb values, which columns hold as strings: json as it was written, once checked; jsonb in
 * the one form that PostgreSQL prints: keys in its order and once each, one blank behind ':' and ',', numbers as
 * numeric prints them, escapes resolved.
 */
#include "base/error.h"
#include "base/strbuf.h"

/* E_CANNOT_PARSE_TEXT "invalid input syntax for type json", with the token in the detail. */
enum status json_check(struct str text, struct error *err) MUST_CHECK;
/* Appends the normal form; on failure `out` holds a part of it. */
enum status jsonb_normalize(struct str text, struct strbuf *out, struct error *err) MUST_CHECK;

#endif
