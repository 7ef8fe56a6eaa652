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

/* What a writer has rendered: messages as they are, or bytes of another format as one. */
static enum status send_rendered(struct pgconn *c, bool messages, struct strbuf *text, struct error *err)
{
	TRY(strbuf_status(text, err));
	if (text->size != 0 && messages)
		strbuf_puts(&c->out, strbuf_str(text));
	else if (text->size != 0)
		pg_put_copy_data(&c->out, strbuf_str(text));
	strbuf_clear(text);
	return pgconn_flush_some(c, err);
}

static enum status write_rows(struct pgconn *c, struct pg_portal *p, bool messages, struct format_writer *w,
	struct strbuf *text, struct error *err)
{
	struct format_summary summary = {.rows = 0};
	TRY(format_write_begin(w, text, err));
	for (;;) {
		TRY(send_rendered(c, messages, text, err));
		TRY(pg_portal_batch(p, err));
		if (p->batch == NULL)
			break;
		summary.rows += p->batch->count;
		TRY(format_write_batch(w, p->batch, text, err));
	}
	TRY(format_write_end(w, &summary, text, err));
	return send_rendered(c, messages, text, err);
}

enum status pg_copy_out(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	struct format_column *columns = ARENA_ARRAY(&c->request, struct format_column, info->column_count);
	struct format_options options = *info->copy_options;
	struct format_writer *w;
	struct strbuf text;
	options.copy_messages = str_starts_with(info->format, STR("Copy"));
	if (options.copy_messages)
		options.values = *session_text_options(c->session);
	for (uint32_t i = 0; i < info->column_count; i++)
		columns[i] = (struct format_column){info->columns[i].name, info->columns[i].type};
	TRY(format_writer_new(info->format, columns, info->column_count, &options, c->config.track, &w, err));
	pg_put_copy_response(&c->out, 'H', is_binary(info), (uint16_t)info->column_count);
	strbuf_init(&text, c->config.track);
	enum status st = write_rows(c, p, options.copy_messages, w, &text, err);
	strbuf_fini(&text);
	format_writer_free(w);
	TRY(st);
	pg_put_copy_done(&c->out);
	return pgconn_flush_some(c, err);
}
