// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_TABLE_FUNCTIONS_H
#define ENGINE_TABLE_FUNCTIONS_H
/*
 * Table functions: null(), generateRandom(), format(), file(). A function's arguments are constants; the names of
 * formats may stand without quotes.
 */
#include "catalog/table_function.h"

void table_functions_register(void);
/* Below which directory file() reads and writes; NULL: anywhere. Before any call: nowhere. */
void file_function_root(const char *directory);

/* Shared by the functions. */
enum status table_function_text(const struct table_function_call *c, uint32_t arg, struct str *out,
                                struct error *err) MUST_CHECK;
/* "a UInt8, b String" as the call's columns. */
enum status table_function_structure(struct table_function_call *c, struct str structure, struct error *err) MUST_CHECK;
/* Rows in a format as a scan of the call's columns; `input` is owned: its release() is called. */
struct format_source {
	enum status (*read)(void *arg, struct str *chunk, struct error *err);
	void (*release)(void *arg);
	void *arg;
};
enum status format_scan_new(const struct scan_request *r, struct str format, const struct type *const *types,
                            const struct str *names, uint32_t count, struct format_source source, struct scan **out,
                            struct error *err) MUST_CHECK;

extern const struct table_function file_function, random_function;

#endif
