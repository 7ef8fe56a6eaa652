// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SET_FILTER_H
#define STORAGE_SET_FILTER_H
/*
 * The query's filters that can be computed from an index's expressions alone, whatever they are made of: of a set index
 * every value is known, so lower(s) LIKE '%x%' over s is asked of the values themselves.
 */
#include "storage/table_keys.h"

struct set_filter;

/* *out NULL: no filter is of that kind. It lives in the arena. */
enum status set_filter_new(const struct table_keys *k, const struct scan_request *r, struct expr *const *keys,
                           uint32_t key_count, struct arena *a, struct set_filter **out, struct error *err) MUST_CHECK;
/*
 * keys[i]: values of key i, `rows` of them, or NULL where they are not known. pass[row] is cleared for rows that no
 * filter lets pass. A filter that fails says nothing.
 */
void set_filter_run(const struct set_filter *f, struct vector *const *keys, uint32_t rows, bool *pass);

#endif
