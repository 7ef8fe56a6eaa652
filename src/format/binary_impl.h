// SPDX-License-Identifier: Apache-2.0
#ifndef FORMAT_BINARY_IMPL_H
#define FORMAT_BINARY_IMPL_H
/* What RowBinary and Native share. Reading functions answer E_UNEXPECTED_EOF without a message where the bytes end. */
#include "format/reader_impl.h"

struct binary_cursor {
	const char *p, *end;
	struct buffer *buffer; /* the bytes', for columns to keep; NULL: strings are copied */
	bool bad; /* a length that cannot be, however much comes */
	void **states; /* what format_state_size() knows, in `arena` */
	struct arena *arena;
};

bool binary_varuint(struct binary_cursor *k, uint64_t *out);
bool binary_string(struct binary_cursor *k, struct str *out);
enum status binary_short(const struct binary_cursor *k, struct error *err);
/* The next value of a type AggregateFunction. */
enum status binary_state(struct binary_cursor *k, const struct type *t, struct str *out, struct error *err) MUST_CHECK;
enum status binary_value(struct binary_cursor *k, struct builder *b, struct error *err) MUST_CHECK;
enum status binary_put_ipv6(struct builder *b, const char *p, struct error *err) MUST_CHECK;
void binary_put_string(struct strbuf *to, const struct type *t, struct str s);
/* Whether values of one type can be taken as the other's as they are. */
bool binary_same(const struct type *a, const struct type *b);
/* Appends the rows of v to column c, converting by text where the types differ. */
enum status binary_convert(struct segment *s, uint32_t c, const struct vector *v, struct error *err) MUST_CHECK;

/* Native: revisions from which each column says how it is serialized. */
enum { REVISION_CUSTOM_SERIALIZATION = 54454 };
/* BlockInfo and the two counts; what precedes a type's values. */
enum status native_head(struct binary_cursor *k, uint32_t revision, uint64_t *columns, uint64_t *rows,
                        struct error *err) MUST_CHECK;
enum status native_prefix(struct binary_cursor *k, const struct type *t, struct error *err) MUST_CHECK;
/* The columns of the first block. */
enum status native_infer(struct str data, struct arena *a, struct format_column **columns, size_t *n, struct error *err)
	MUST_CHECK;

#endif
