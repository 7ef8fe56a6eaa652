// SPDX-License-Identifier: Apache-2.0
/*
 * COPY over the wire. In: CopyData messages become the statement's input, split wherever the client split them. Out:
 * each row is one CopyData, which clients that read row by row rely on.
 */
#include "format/format.h"
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
	enum { COPY_TEXT, COPY_CSV, COPY_BINARY, COPY_OTHER } format;
	char delimiter, quote, escape;
	struct str null;
	bool header, force_quote;
	bool begun;                /* binary: the signature was sent */
};

static void read_options(const struct statement_info *info, struct copy_out *o)
{
	const struct format_options *f = info->copy_options;
	memset(o, 0, sizeof *o);
	if (is_binary(info))
		o->format = COPY_BINARY;
	else if (str_eq_nocase(info->format, STR("CopyCSV")))
		o->format = COPY_CSV;
	else
		o->format = str_eq_nocase(info->format, STR("CopyText")) ? COPY_TEXT : COPY_OTHER;
	bool csv = o->format == COPY_CSV;
	o->delimiter = f->csv_delimiter;
	o->quote = f->copy_quote;
	o->escape = f->copy_escape;
	o->null = f->copy_null.data != NULL ? f->copy_null : csv ? STR("") : STR("\\N");
	o->header = f->copy_header && (csv || o->format == COPY_TEXT);
	o->force_quote = f->copy_force_quote_all;
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

static void put_value(struct strbuf *b, const struct copy_out *o, struct str v, uint32_t columns)
{
	if (o->format == COPY_TEXT)
		put_text(b, v, o->delimiter);
	else
		put_csv(b, o, v, o->force_quote || needs_quotes(o, v, columns == 1));
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
			put_value(out, o, v, b->column_count);
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
	struct copy_out plain = *o;
	plain.force_quote = false;
	size_t at = pg_begin(&c->out, 'd');
	for (uint32_t i = 0; i < info->column_count; i++) {
		if (i != 0)
			strbuf_putc(&c->out, o->delimiter);
		put_value(&c->out, &plain, info->columns[i].name, info->column_count);
	}
	strbuf_putc(&c->out, '\n');
	pg_end(&c->out, at);
}

/* PostgreSQL's own formats. */
static enum status copy_rows(struct pgconn *c, struct pg_portal *p, struct copy_out *o, struct error *err)
{
	int16_t format = o->format == COPY_BINARY ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
	for (;;) {
		TRY(pg_portal_batch(p, err));
		if (p->batch == NULL)
			break;
		TRY(pg_result_each(c, p->batch, 0, p->batch->count, &format, 1, put_rows, o, err));
	}
	if (o->format == COPY_BINARY) {
		size_t at = pg_begin(&c->out, 'd');
		put_signature(&c->out, o);
		strbuf_put(&c->out, "\377\377", 2);
		pg_end(&c->out, at);
	}
	return OK;
}

/* What a writer has rendered, as one message. */
static enum status send_rendered(struct pgconn *c, struct strbuf *text, struct error *err)
{
	TRY(strbuf_status(text, err));
	if (text->size != 0)
		pg_put_copy_data(&c->out, strbuf_str(text));
	strbuf_clear(text);
	return pgconn_flush_some(c, err);
}

static enum status write_other(struct pgconn *c, struct pg_portal *p, struct format_writer *w, struct strbuf *text,
	struct error *err)
{
	struct format_summary summary = {.rows = 0};
	TRY(format_write_begin(w, text, err));
	for (;;) {
		TRY(send_rendered(c, text, err));
		TRY(pg_portal_batch(p, err));
		if (p->batch == NULL)
			break;
		summary.rows += p->batch->count;
		TRY(format_write_batch(w, p->batch, text, err));
	}
	TRY(format_write_end(w, &summary, text, err));
	return send_rendered(c, text, err);
}

/* Any other format of ours, in messages as they come. */
static enum status copy_other(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	struct format_column *columns = ARENA_ARRAY(&c->request, struct format_column, info->column_count);
	struct format_writer *w;
	struct strbuf text;
	for (uint32_t i = 0; i < info->column_count; i++)
		columns[i] = (struct format_column){info->columns[i].name, info->columns[i].type};
	TRY(format_writer_new(info->format, columns, info->column_count, info->copy_options, c->config.track, &w, err));
	strbuf_init(&text, c->config.track);
	enum status st = write_other(c, p, w, &text, err);
	strbuf_fini(&text);
	format_writer_free(w);
	return st;
}

enum status pg_copy_out(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	struct copy_out o;
	read_options(info, &o);
	pg_put_copy_response(&c->out, 'H', o.format == COPY_BINARY, (uint16_t)info->column_count);
	if (o.header)
		put_header(c, info, &o);
	TRY(o.format == COPY_OTHER ? copy_other(c, p, err) : copy_rows(c, p, &o, err));
	pg_put_copy_done(&c->out);
	return pgconn_flush_some(c, err);
}
