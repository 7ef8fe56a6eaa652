// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SERIAL_H
#define STORAGE_SERIAL_H
/*
 * Serial: how a column's values lie in the streams of a part, in ClickHouse's layout; the tree that writer and reader
 * walk, and both walks.
 *
 * A column has one or more streams (a file each in a wide part; runs of bytes in data.bin in a compact one):
 *
 *     Int32 x                  x                     values
 *     Nullable(Int32) x        x.null, x             a byte a row; values, zero where NULL
 *     String x                 x.size, x             u64 lengths; bytes          (classic: x alone, varuint + bytes)
 *     Array(T) x               x.size0, T's          u64 lengths of rows, then the elements' streams
 *     Map(K, V) x              x.size0, x%2Ekeys, x%2Evalues
 *     Tuple(a A, b B) x        x%2Ea, x%2Eb
 *     LowCardinality(T) x      x.dict, x             shared dictionaries; per granule: flags, own keys, rows, indexes
 *     Variant(A, B) x          x.variant_discr, x.A, x.B    the mode; per granule: rows, format, codes; dense values
 *     sparse x                 x.sparse.idx, x       varuint runs of defaults; the values that are none
 *     n.k, n.v Array           n.size0, n%2Ek, …     columns named with a dot share the lengths of the outer array
 *
 * LowCardinality, wide: a dictionary of up to 8192 values serves granules until it is full, and is written then; the
 * dictionary's mark of each granule is where its dictionary begins. Compact: every granule carries its own keys.
 *
 * A layout is immutable and lives in the arena it was made in. Writers and readers are for one thread.
 */
#include "func/aggregate.h"
#include "io/frame.h"

enum stream_kind {
	STREAM_VALUES,      /* takes the column's whole codec; all others its generic steps */
	STREAM_NULLS, STREAM_SIZES, STREAM_STRING_SIZES, STREAM_SPARSE, STREAM_INDEXES, STREAM_DICT, STREAM_DICT_PREFIX,
	STREAM_CODES
};

struct stream_def {
	struct str name;            /* escaped, without extension: "t%2Ey.size" */
	enum stream_kind kind;
	const struct type *type;    /* whose values, for the codec */
};

enum serial_kind {
	SERIAL_FIXED, SERIAL_IPV6, SERIAL_FIXED_STRING, SERIAL_STRING_SIZED, SERIAL_STRING_CLASSIC, SERIAL_STATE,
	SERIAL_NULLABLE, SERIAL_ARRAY, SERIAL_MAP, SERIAL_TUPLE, SERIAL_DICT, SERIAL_SPARSE, SERIAL_VARIANT
};

struct serial {
	enum serial_kind kind;
	const struct type *type;    /* of the vector at this place */
	uint32_t node;              /* number within the layout */
	uint32_t stream, other;     /* main stream; sizes of strings, dictionary */
	uint32_t prefix;            /* compact: prefix stream of a dictionary, of a Variant */
	uint32_t width;             /* bytes a value on disk */
	uint32_t child_count;
	struct serial **children;   /* SERIAL_DICT: of the keys, whose streams are not used */
	const struct aggregator *aggregator;
};

struct column_layout {
	struct str name;
	const struct type *type;
	struct serial *root;
	struct stream_def *streams; /* in the order of columns_substreams.txt */
	uint32_t stream_count, node_count;
	bool compact;
};

/* The modes that stand at the head of a Variant's codes, and the formats of its granules. */
enum { VARIANT_MODE_BASIC, VARIANT_MODE_COMPACT };
enum { VARIANT_GRANULE_PLAIN, VARIANT_GRANULE_ONE_CODE };

struct layout_options {
	bool compact;
	bool classic_strings;        /* varuint + bytes */
	bool classic_nested_strings; /* only those inside of other types */
	struct arena *arena;
	const struct eval_session *session; /* to bind aggregate states; may be NULL */
};

/* Which (sub)columns are sparse: one node per type, children for tuples only. NULL: none. */
struct sparse_kind {
	bool sparse;
	uint32_t child_count;
	struct sparse_kind **children;
	uint64_t rows, defaults;     /* as counted */
};

enum status column_layout_new(const struct layout_options *o, struct str name, const struct type *type,
                              const struct sparse_kind *sparse, struct column_layout **out,
                              	struct error *err) MUST_CHECK;
/* Whether a column of this type may be stored sparse. */
bool type_may_be_sparse(const struct type *t);
/* How a column's values are seen by codecs. */
struct codec_value type_codec_value(const struct type *t);
/* Rows of [0, count) whose value is the type's zero; v of any form. 0 for types that are never sparse. */
uint64_t vector_count_defaults(const struct vector *v);

/* ---- writing ---- */
struct serial_writer;

/*
 * streams[i] is where stream i goes. Compact parts: several streams, of several columns, share writers, which share one
 * file; *current is the one that was written to last, and a change of writer flushes it.
 */
enum status serial_writer_new(const struct column_layout *layout, struct frame_writer **streams,
                              struct frame_writer **current, struct memtrack *track, struct serial_writer **out,
                              struct error *err) MUST_CHECK;
void serial_writer_free(struct serial_writer *w);
/* Before a wide column's first mark: what stands once at the head of its streams. */
enum status serial_writer_begin(struct serial_writer *w, struct error *err) MUST_CHECK;
/*
 * Rows [from, from + count) of v, of any form, as one whole granule. `marks` (may be NULL) receives the position of
 * each stream where the granule begins; where only[i] is false stream i is left alone (shared lengths, written before).
 */
enum status serial_write_granule(struct serial_writer *w, const struct vector *v, uint32_t from, uint32_t count,
                                 struct frame_mark *marks, const bool *only, struct error *err) MUST_CHECK;
/* After a wide column's last granule: its last dictionaries. */
enum status serial_writer_end(struct serial_writer *w, struct error *err) MUST_CHECK;

/* ---- reading ---- */
struct serial_reader;

/*
 * *readers[i] reads stream i; they are the caller's, set to the beginning of a granule before the first read. Streams
 * that stand one behind the other in older compact parts have one reader. `lengths`: of serial_has_lengths() columns
 * the lengths alone come out, as UInt64; the STREAM_VALUES reader may be NULL.
 */
enum status serial_reader_new(const struct column_layout *layout, struct frame_reader **readers, bool lengths,
                              struct eval *eval, struct serial_reader **out, struct error *err) MUST_CHECK;
/* Whether it is a String column, perhaps sparse, whose lengths have a stream of their own. */
bool serial_has_lengths(const struct column_layout *layout);
void serial_reader_free(struct serial_reader *r);
/* The streams were set to the beginning of a granule. */
void serial_reader_at_granule(struct serial_reader *r);
/* The next `count` rows; they may cover several granules where the streams run through (wide parts). */
enum status serial_read(struct serial_reader *r, uint32_t count, struct vector **out, struct error *err) MUST_CHECK;

#endif
