// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_FILES_H
#define STORAGE_PART_FILES_H
/*
 * The text files of a part, in ClickHouse's forms: columns.txt, columns_substreams.txt, serialization.json,
 * checksums.txt. Readers take any bytes and answer E_CORRUPTED_DATA; writers append to a buffer.
 */
#include "base/hash.h"
#include "storage/serial.h"

struct part_column {
	struct str name;
	const struct type *type;
	struct sparse_kind *sparse;    /* NULL: not listed in serialization.json */
};

struct part_columns {
	struct part_column *columns;
	uint32_t count;
	bool sized_strings;            /* types_serialization_versions.string = 1 */
	bool sized_nested_strings;     /* … propagated to nested types */
};

struct checksum {
	struct str name;
	uint64_t size, plain_size;
	struct hash128 hash, plain_hash; /* of the file; of what it decodes to */
	bool compressed;
};

struct checksums {
	struct checksum *files;
	size_t count, capacity;
};

void columns_txt_write(const struct part_columns *c, struct strbuf *to);
enum status columns_txt_read(struct arena *a, struct str text, struct part_columns *out, struct error *err) MUST_CHECK;
void substreams_txt_write(struct column_layout *const *layouts, uint32_t count, struct strbuf *to);
void serialization_json_write(const struct part_columns *c, uint64_t rows, struct strbuf *to);
/* Adds to what columns_txt_read() gave. */
enum status serialization_json_read(struct arena *a, struct str text, struct part_columns *c,
                                    struct error *err) MUST_CHECK;

void checksums_add(struct arena *a, struct checksums *c, struct checksum file);
/* Sorts by name. */
enum status checksums_write(struct checksums *c, struct strbuf *to, struct error *err) MUST_CHECK;
enum status checksums_read(struct arena *a, struct str bytes, struct checksums *out, struct error *err) MUST_CHECK;
const struct checksum *checksums_find(const struct checksums *c, struct str name); /* NULL */
/* Bytes of a whole small file against its entry; E_CHECKSUM_DOESNT_MATCH names `path`. No entry: OK. */
enum status checksums_verify(const struct checksums *c, struct str name, struct str bytes, const char *path,
                             struct error *err) MUST_CHECK;

#endif
