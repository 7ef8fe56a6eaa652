// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SKIP_READ_H
#define STORAGE_SKIP_READ_H
/* Asking skip indexes which granules of a part may hold what the filters want. */
#include "storage/condition.h"
#include "storage/part_set.h"

/* One index and what the query's filters say about its expressions. */
struct skip_question {
	const struct skip_index *index;
	struct condition_set *condition;
	struct set_filter *filter;      /* set: NULL where there is none */
	struct skip_question *next;
};

/* Those that can help, in an arena; free with skip_questions_free. *out NULL: none. */
enum status skip_questions_new(const struct table_keys *k, const struct scan_request *r, struct arena *a,
                               struct skip_question **out, struct error *err) MUST_CHECK;
void skip_questions_free(struct skip_question *q);
/* Clears wanted[g] for granules of the part that cannot hold anything. A part without the index keeps all. */
enum status skip_question_ask(const struct skip_question *q, struct part *p, struct part_meta *m, bool *wanted,
                              struct error *err) MUST_CHECK;

#endif
