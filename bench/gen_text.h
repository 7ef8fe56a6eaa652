// SPDX-License-Identifier: Apache-2.0
#ifndef BENCH_GEN_TEXT_H
#define BENCH_GEN_TEXT_H
/*
 * Rows as text. JSON is JSONEachRow with ISO timestamps; TSV is ClickHouse's TabSeparated and at the same time
 * PostgreSQL's COPY text; CSV has no header. Columns stand in the table's order.
 */
#include <stddef.h>
#include "bench/gen_row.h"

enum gen_format { GEN_JSON, GEN_CSV, GEN_TSV };
enum { GEN_ROW_BYTES_MAX = 8192 };

/* Writes the row and a line feed to `out`, which has GEN_ROW_BYTES_MAX bytes; the end. */
char *gen_text_row(char *out, enum gen_format format, const struct gen_session *s, const struct gen_row *r);
/* The columns' names, separated by commas, in a static text. */
const char *gen_text_columns(void);

#endif
