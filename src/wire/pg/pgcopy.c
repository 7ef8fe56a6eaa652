// SPDX-License-Identifier: Apache-2.0
/*
 * COPY over the wire. In: CopyData messages become the statement's input, split wherever the client split them. Out:
 * each row is one CopyData, which clients that read row by row rely on.
 */
#include "wire/pg/pgconn_impl.h"

/* ---- COPY FROM STDIN ---- */

static bool is_binary(const struct statement_info *info)
{
	return str_eq_nocase(info->format, STR("CopyBinary"));
}

void pg_copy_in_begin(struct pgconn *c, const struct statement_info *info)
{
	pg_put_copy_response(&c->out, 'G', is_binary(info), (uint16_t)info->column_count);
	c->in_copy_in = true;
}

/* The next chunk; *chunk empty at CopyDone. */
static enum status read_chunk(void *arg, struct str *chunk, struct error *err)
{
	struct pgconn *c = arg;
	struct pg_message m;
	*chunk = STR("");
	while (c->in_copy_in) {
		TRY(pgconn_message(c, &m, err));
		switch (m.type) {
		case PG_COPY_DATA:
			if (m.data.size == 0)
				break;
			*chunk = m.data;
			return OK;
		case PG_COPY_DONE:
			c->in_copy_in = false;
			break;
		case PG_COPY_FAIL:
			c->in_copy_in = false;
			return ERR(err, E_CANCELLED, "COPY from stdin failed: %.*s", STR_ARG(m.reason));
		case PG_FLUSH:
		case PG_SYNC:
			break; /* sent before the client knew that this is a COPY */
		case PG_TERMINATE:
			c->closed = true;
			return ERR(err, E_NETWORK, "the client has ended the connection during COPY from stdin");
		default:
			c->in_copy_in = false;
			return ERR(err, E_PROTOCOL, "unexpected message type 0x%02X during COPY from stdin", (unsigned)m.type);
		}
	}
	return OK;
}

struct statement_input pg_copy_input(struct pgconn *c)
{
	return (struct statement_input){.read = read_chunk, .arg = c};
}

enum status pg_copy_in_end(struct pgconn *c, struct error *err)
{
	struct str chunk;
	do
		TRY(read_chunk(c, &chunk, err));
	while (chunk.size != 0);
	return OK;
}

/* ---- COPY TO STDOUT ---- */

struct copy_out {
	enum { COPY_TEXT, COPY_CSV, COPY_BINARY } format;
	char delimiter, quote, escape;
	struct str null;
	bool header;
	const bool *force_quote;   /* by column; NULL: none */
	bool begun;                /* binary: the signature was sent */
};

static struct str option(const struct statement_info *info, const char *name, struct str otherwise)
{
	const struct str *value = info->format_options == NULL ? NULL : strmap_get(info->format_options, str_of(name));
	return value == NULL ? otherwise : *value;
}

static enum status one_char(struct str value, const char *name, char *out, struct error *err)
{
	if (value.size != 1 || value.data[0] == '\n' || value.data[0] == '\r')
		return ERR(err, E_INVALID_PARAMETER_VALUE, "COPY %s must be a single one-byte character", name);
	*out = value.data[0];
	return OK;
}

static bool is_on(struct str value)
{
	return str_eq_nocase(value, STR("true")) || str_eq_nocase(value, STR("on")) || str_eq(value, STR("1"));
}

/* "*" or names separated by commas. */
static const bool *force_quote(struct pgconn *c, const struct statement_info *info)
{
	struct str list = option(info, "force_quote", STR(""));
	if (list.size == 0)
		return NULL;
	bool *force = ARENA_ARRAY(&c->request, bool, info->column_count);
	while (list.size != 0) {
		ptrdiff_t comma = str_find_char(list, ',');
		struct str name = str_trim(comma < 0 ? list : str_make(list.data, (size_t)comma));
		list = comma < 0 ? STR("") : str_make(list.data + comma + 1, list.size - (size_t)comma - 1);
		for (uint32_t i = 0; i < info->column_count; i++)
			force[i] |= str_eq(name, STR("*")) || str_eq(name, info->columns[i].name);
	}
	return force;
}

static enum status read_options(struct pgconn *c, const struct statement_info *info, struct copy_out *o,
	struct error *err)
{
	memset(o, 0, sizeof *o);
	if (is_binary(info)) {
		o->format = COPY_BINARY;
		return OK;
	}
	bool csv = str_starts_with_nocase(info->format, STR("CSV")) || str_eq_nocase(info->format, STR("CopyCsv"));
	if (!csv && !str_eq_nocase(info->format, STR("CopyText")))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: COPY TO STDOUT in format %.*s", STR_ARG(info->format));
	o->format = csv ? COPY_CSV : COPY_TEXT;
	o->null = option(info, "null", csv ? STR("") : STR("\\N"));
	o->header = is_on(option(info, "header", STR("false")));
	o->force_quote = csv ? force_quote(c, info) : NULL;
	TRY(one_char(option(info, "delimiter", csv ? STR(",") : STR("\t")), "delimiter", &o->delimiter, err));
	TRY(one_char(option(info, "quote", STR("\"")), "quote", &o->quote, err));
	return one_char(option(info, "escape", str_make(&o->quote, 1)), "escape", &o->escape, err);
}

/* COPY text: backslash, control characters with a letter of their own, and the delimiter are escaped. */
static void put_text(struct strbuf *b, struct str v, char delimiter)
{
	static const char letters[] = "btnvfr"; /* of characters 8 to 13 */
	if (!strbuf_reserve(b, v.size * 2))
		return;
	char *to = b->data + b->size;
	for (size_t i = 0; i < v.size; i++) {
		char ch = v.data[i];
		if (ch >= '\b' && ch <= '\r') {
			*to++ = '\\';
			ch = letters[ch - '\b'];
		} else if (ch == '\\' || ch == delimiter) {
			*to++ = '\\';
		}
		*to++ = ch;
	}
	b->size = (size_t)(to - b->data);
}

static bool needs_quotes(const struct copy_out *o, struct str v, bool only)
{
	/* an unquoted NULL text would be read as NULL, an unquoted \. alone in its line as the end of the data */
	if (str_eq(v, o->null) || (only && str_eq(v, STR("\\."))))
		return true;
	for (size_t i = 0; i < v.size; i++)
		if (v.data[i] == o->delimiter || v.data[i] == o->quote || v.data[i] == '\n' || v.data[i] == '\r')
			return true;
	return false;
}

static void put_csv(struct strbuf *b, const struct copy_out *o, struct str v, bool quoted)
{
	if (!quoted) {
		strbuf_puts(b, v);
		return;
	}
	strbuf_putc(b, o->quote);
	for (size_t i = 0; i < v.size; i++) {
		if (v.data[i] == o->quote || v.data[i] == o->escape)
			strbuf_putc(b, o->escape);
		strbuf_putc(b, v.data[i]);
	}
	strbuf_putc(b, o->quote);
}

static void put_value(struct strbuf *b, const struct copy_out *o, struct str v, uint32_t column, uint32_t columns)
{
	if (o->format == COPY_TEXT) {
		put_text(b, v, o->delimiter);
	} else {
		bool force = o->force_quote != NULL && o->force_quote[column];
		put_csv(b, o, v, force || needs_quotes(o, v, columns == 1));
	}
}

static void put_signature(struct strbuf *b, struct copy_out *o)
{
	if (!o->begun)
		strbuf_put(b, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
	o->begun = true;
}

static void put_row(struct pgconn *c, const struct batch *b, uint32_t row, struct copy_out *o)
{
	struct strbuf *out = &c->out;
	if (o->format == COPY_BINARY) {
		put_signature(out, o);
		strbuf_put_be(out, b->column_count, 2);
	}
	for (uint32_t i = 0; i < b->column_count; i++) {
		struct pg_column *k = &c->result->columns[i];
		bool null = k->nulls && vector_is_null(b->columns[i], row);
		struct str v = str_make(k->text.data + k->at, k->ends[row] - k->at);
		k->at = k->ends[row];
		if (o->format == COPY_BINARY) {
			if (null)
				pg_put_null(out);
			else
				pg_put_value(out, v);
			continue;
		}
		if (i != 0)
			strbuf_putc(out, o->delimiter);
		if (null)
			strbuf_puts(out, o->null);
		else
			put_value(out, o, v, i, b->column_count);
	}
	if (o->format != COPY_BINARY)
		strbuf_putc(out, '\n');
}

static enum status put_rows(struct pgconn *c, const struct batch *b, void *arg, struct error *err)
{
	for (uint32_t row = 0; row < b->count; row++) {
		size_t at = pg_begin(&c->out, 'd');
		put_row(c, b, row, arg);
		pg_end(&c->out, at);
		TRY(pgconn_flush_some(c, err));
	}
	return OK;
}

static void put_header(struct pgconn *c, const struct statement_info *info, const struct copy_out *o)
{
	size_t at = pg_begin(&c->out, 'd');
	for (uint32_t i = 0; i < info->column_count; i++) {
		struct copy_out plain = *o;
		plain.force_quote = NULL;
		if (i != 0)
			strbuf_putc(&c->out, o->delimiter);
		put_value(&c->out, &plain, info->columns[i].name, i, info->column_count);
	}
	strbuf_putc(&c->out, '\n');
	pg_end(&c->out, at);
}

enum status pg_copy_out(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	struct copy_out o;
	TRY(read_options(c, info, &o, err));
	int16_t format = o.format == COPY_BINARY ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
	pg_put_copy_response(&c->out, 'H', format, (uint16_t)info->column_count);
	if (o.header)
		put_header(c, info, &o);
	for (;;) {
		TRY(statement_next(p->statement, &p->batch, err));
		if (p->batch == NULL)
			break;
		TRY(pg_result_each(c, p->batch, 0, p->batch->count, &format, 1, put_rows, &o, err));
		batch_free(p->batch);
		p->batch = NULL;
	}
	if (o.format == COPY_BINARY) {
		size_t at = pg_begin(&c->out, 'd');
		put_signature(&c->out, &o);
		strbuf_put(&c->out, "\377\377", 2);
		pg_end(&c->out, at);
	}
	pg_put_copy_done(&c->out);
	return pgconn_flush_some(c, err);
}
