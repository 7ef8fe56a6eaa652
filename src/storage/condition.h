// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_CONDITION_H
#define STORAGE_CONDITION_H
/*
 * Condition: what a query's filters say about some keys (sort key, partition columns, index expressions), fit to be
 * asked about ranges of key values: can any row in this range pass? "Perhaps" is always a right answer, "no" must be
 * certain.
 *
 * A filter becomes a tree of AND, OR, NOT over atoms. An atom compares a monotonic function of one key with constants:
 * toDate(ts) = '…', k IN (…), s LIKE 'abc%'. Everything else is "perhaps".
 *
 *     condition_new -> condition_bind(key values of many ranges' ends, computed at once) -> condition_check(from, to)*
 */
#include "storage/table_keys.h"

enum atom_op { ATOM_EQ, ATOM_NE, ATOM_LT, ATOM_LE, ATOM_GT, ATOM_GE, ATOM_IN, ATOM_PREFIX, ATOM_LIKE, ATOM_HAS,
              ATOM_TOKEN };

struct atom {
	uint32_t key;              /* which key */
	enum atom_op op;
	bool plain;                /* the key itself, no function of it */
	bool decreasing;           /* the function turns the order around */
	struct expr *function;     /* of column 0, the key */
	struct program *program;
	struct vector *constant;   /* one row; IN: the elements, ascending, no NULLs. Owned */
	struct vector *values;     /* function of the bound key values. Owned */
};

enum condition_kind { CONDITION_PERHAPS, CONDITION_AND, CONDITION_OR, CONDITION_NOT, CONDITION_ATOM };

struct condition {
	enum condition_kind kind;
	uint32_t child_count;
	struct condition **children;
	struct atom *atom;
};

struct condition_set {
	struct arena arena;
	struct memtrack *track;
	const struct eval_session *session;
	struct condition *root;
	struct atom **atoms;
	size_t atom_count, atom_capacity;
	uint32_t key_count;
};

/*
 * filters: conjuncts over request columns, as in `r`; keys: expressions over def's columns. *useful false: nothing is
 * known, every answer would be "perhaps".
 */
enum status condition_new(const struct table_keys *k, const struct scan_request *r, struct expr *const *keys,
                          uint32_t key_count, struct condition_set **out, bool *useful, struct error *err) MUST_CHECK;
/* A key expression over the request's columns; NULL where they do not hold all it needs. */
struct expr *condition_key(const struct table_keys *k, const struct scan_request *r, struct arena *a,
                           const struct expr *key);
void condition_free(struct condition_set *c); /* NULL is allowed */
/* keys[i]: values of key i, `rows` of them; NULL: of this key nothing is known. */
enum status condition_bind(struct condition_set *c, struct vector *const *keys, uint32_t rows, struct error *err)
	MUST_CHECK;
/*
 * Whether a row can pass in which each of the first `bounded` keys lies between the bound rows `from` and `to`; with
 * `open_end` only from `from` on.
 */
bool condition_check(const struct condition_set *c, uint32_t from, uint32_t to, uint32_t bounded, bool open_end);
/* Walks with another judge of atoms (filters of values): it says whether the atom can be true. */
bool condition_check_by(const struct condition_set *c, bool (*can_be_true)(void *arg, const struct atom *a), void *arg);
/* A part of a LIKE pattern's fixed text that must occur: calls fn for each piece between wildcards. */
void like_pieces(struct str pattern, void (*fn)(void *arg, struct str piece, bool starts, bool ends), void *arg);

#endif
