// SPDX-License-Identifier: Apache-2.0
/* The schema that an input brings along. */
#include "format/binary_impl.h"

enum { INFER_BYTES_MAX = 16 << 20 };

/* The first bytes of the input: all that a header can need. */
static enum status read_front(const struct format_input *input, struct strbuf *to, struct error *err)
{
	while (to->size < INFER_BYTES_MAX) {
		struct str chunk = {NULL, 0};
		TRY(input->read(input->arg, &chunk, err));
		if (chunk.size == 0)
			break;
		strbuf_puts(to, chunk);
	}
	return strbuf_status(to, err);
}

static enum status push(struct arena *a, struct str name, struct str type, struct format_column **columns, size_t *n,
                        size_t *capacity, struct error *err)
{
	struct format_column c = {arena_str(a, name), NULL};
	TRY(type_parse(a, type, &c.type, err));
	ARENA_PUSH(a, *columns, *n, *capacity, c);
	return OK;
}

static enum status short_header(struct error *err)
{
	return ERR(err, E_UNEXPECTED_EOF, "Cannot extract table structure: the header is not complete");
}

static enum status infer_binary(struct str data, struct arena *a, struct format_column **columns, size_t *n,
                                struct error *err)
{
	struct binary_cursor k = {data.data, data.data + data.size, NULL, false, NULL, NULL};
	uint64_t count;
	size_t capacity = 0;
	if (!binary_varuint(&k, &count) || count > data.size)
		return short_header(err);
	struct str *names = ARENA_ARRAY(a, struct str, count + 1);
	for (uint64_t i = 0; i < count; i++)
		if (!binary_string(&k, &names[i]))
			return short_header(err);
	for (uint64_t i = 0; i < count; i++) {
		struct str type;
		if (!binary_string(&k, &type))
			return short_header(err);
		TRY(push(a, names[i], type, columns, n, &capacity, err));
	}
	return OK;
}

/* Two lines of tab separated names and types. */
static enum status infer_tsv(struct str data, struct arena *a, struct format_column **columns, size_t *n,
                             struct error *err)
{
	const char *end = data.data + data.size, *first = memchr(data.data, '\n', data.size);
	const char *second = first == NULL ? NULL : memchr(first + 1, '\n', (size_t)(end - first - 1));
	size_t capacity = 0;
	if (second == NULL)
		return short_header(err);
	const char *p = data.data, *q = first + 1;
	while (p <= first && q <= second) {
		const char *pe = memchr(p, '\t', (size_t)(first - p)), *qe = memchr(q, '\t', (size_t)(second - q));
		pe = pe == NULL ? first : pe;
		qe = qe == NULL ? second : qe;
		/* quotes of enum names and zones are escaped */
		char *type = ARENA_ARRAY(a, char, (size_t)(qe - q) + 1);
		size_t size = 0;
		for (const char *t = q; t < qe; t++) {
			if (*t == '\\' && t + 1 < qe)
				t++;
			type[size++] = *t;
		}
		TRY(push(a, str_make(p, (size_t)(pe - p)), str_make(type, size), columns, n, &capacity, err));
		p = pe + 1;
		q = qe + 1;
	}
	return OK;
}

enum status format_infer_schema(struct str name, const struct format_input *input, struct arena *a,
                                struct format_column **columns, uint32_t *n, struct error *err)
{
	const struct format_def *d = format_def_find(name);
	size_t count = 0;
	if (d == NULL)
		return ERR(err, E_UNKNOWN_FORMAT, "Unknown format %.*s", STR_ARG(name));
	*columns = NULL;
	struct strbuf front;
	strbuf_init(&front, NULL);
	enum status status = read_front(input, &front, err);
	struct str data = front.size == 0 ? STR("") : strbuf_str(&front);
	if (status == OK && d->reader == &row_binary_reader && (d->variant & TYPES) != 0)
		status = infer_binary(data, a, columns, &count, err);
	else if (status == OK && d->reader == &native_reader)
		status = native_infer(data, a, columns, &count, err);
	else if (status == OK && d->reader == &tsv_reader && (d->variant & TYPES) != 0)
		status = infer_tsv(data, a, columns, &count, err);
	else if (status == OK && (d->reader == &lines_reader || d->reader == &blob_reader || (d->variant & WHOLE) != 0)) {
		size_t capacity = 0;
		status = push(a, d->reader == &lines_reader ? STR("line") : d->reader == &blob_reader ? STR("raw_blob") : STR("json"),
		              STR("String"), columns, &count, &capacity, err);
	} else if (status == OK)
		status = ERR(err, E_NOT_IMPLEMENTED, "not supported yet: the structure of data in format %s has to be given",
		             d->info.name);
	strbuf_fini(&front);
	*n = (uint32_t)count;
	return status;
}
