// SPDX-License-Identifier: Apache-2.0
#include "regress/runner/case_run.h"

#include <stdio.h>
#include <stdlib.h>
#include "base/utf8.h"

const char *case_database(const struct case_file *c, struct arena *a)
{
	char *name = (char *)arena_strf(a, "c_%s", c->name).data;
	for (char *p = name; *p != '\0'; p++)
		if (*p == '/' || *p == '-')
			*p = '_';
	return name;
}

void case_echo(struct strbuf *out, const struct case_stmt *s)
{
	enum { ECHO_MAX = 110 };
	size_t n = strcspn(s->text, "\n"), shown = n;
	if (shown > ECHO_MAX)
		for (shown = ECHO_MAX; ((unsigned char)s->text[shown] & 0xc0) == 0x80;)
			shown--;
	strbuf_printf(out, "-- %.*s%s\n", (int)shown, s->text, shown < n || s->text[n] != '\0' ? " …" : "");
}

static int compare_lines(const void *x, const void *y)
{
	return str_compare(*(const struct str *)x, *(const struct str *)y);
}

void case_sort_lines(struct strbuf *out, size_t from)
{
	size_t count = 0, size = out->size - from;
	for (size_t i = from; i < out->size; i++)
		count += out->data[i] == '\n';
	char *copy = malloc(size + 1);
	struct str *lines = calloc(count + 1, sizeof *lines);
	if (copy != NULL && lines != NULL && count > 0) {
		memcpy(copy, out->data + from, size);
		size_t start = 0, n = 0;
		for (size_t i = 0; i < size; i++)
			if (copy[i] == '\n') {
				lines[n++] = str_make(copy + start, i + 1 - start);
				start = i + 1;
			}
		qsort(lines, count, sizeof *lines, compare_lines);
		out->size = from;
		for (size_t i = 0; i < n; i++)
			strbuf_puts(out, lines[i]);
	}
	free(copy);
	free(lines);
}

/* What is not text becomes \xHH; a missing last line feed is added. */
static void put_body(struct strbuf *out, struct str body)
{
	bool text = utf8_valid(body.data, body.size);
	for (size_t i = 0; i < body.size; i++) {
		unsigned char c = (unsigned char)body.data[i];
		if ((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' || (c >= 0x80 && text))
			strbuf_putc(out, (char)c);
		else
			strbuf_printf(out, "\\x%02X", c);
	}
	if (body.size > 0 && body.data[body.size - 1] != '\n')
		strbuf_putc(out, '\n');
}

/* "Code: 60. DB::Exception: text. (UNKNOWN_TABLE) (version …)" → "Code: 60. (UNKNOWN_TABLE)", or with the text. */
static void put_error(struct strbuf *out, struct str body, const struct case_stmt *s)
{
	ptrdiff_t code = str_find(body, STR("Code: "));
	if (code < 0 || str_find_char(str_make(body.data + code, body.size - (size_t)code), '.') < 0) {
		strbuf_putz(out, "ERROR without a code: ");
		put_body(out, body);
		return;
	}
	struct str e = str_make(body.data + code, body.size - (size_t)code);
	ptrdiff_t version = str_find(e, STR(" (version "));
	e = str_trim(str_make(e.data, version >= 0 ? (size_t)version : e.size));
	if (s->message) {
		strbuf_puts(out, e);
	} else {
		size_t name = e.size;
		while (name > 0 && e.data[name - 1] != '(')
			name--;
		struct str code_name = str_make(e.data + name, e.size - name);
		strbuf_printf(out, "%.*s. (%.*s", (int)str_find_char(e, '.'), e.data, STR_ARG(code_name));
	}
	strbuf_putc(out, '\n');
}

static bool setup(struct http_lite *h, struct arena *a, const char *sql, struct http_answer *answer, const char **why)
{
	if (!http_lite_post(h, "/", str_of(sql), answer, why))
		return false;
	if (answer->status != 200)
		*why = arena_strf(a, "%s: %.*s", sql, STR_ARG(strbuf_str(&answer->body))).data;
	return answer->status == 200;
}

static bool run_one(struct http_lite *h, const char *address, const struct case_stmt *s, struct arena *a,
                    struct http_answer *answer, struct strbuf *out, const char **why)
{
	struct strbuf body;
	strbuf_init(&body, NULL);
	strbuf_put(&body, s->text, s->text_size);
	if (s->data != NULL) {
		strbuf_putc(&body, '\n');
		strbuf_put(&body, s->data, s->data_size);
	}
	if (s->url != NULL)
		address = arena_strf(a, "%s&%s", address, s->url).data;
	case_echo(out, s);
	bool good = http_lite_post(h, address, strbuf_str(&body), answer, why);
	size_t from = out->size;
	if (good && (answer->status != 200 || http_answer_header(answer, "X-ClickHouse-Exception-Code").size != 0))
		put_error(out, strbuf_str(&answer->body), s);
	else if (good)
		put_body(out, strbuf_str(&answer->body));
	if (good && s->sort)
		case_sort_lines(out, from);
	strbuf_fini(&body);
	return good;
}

bool case_run_http(const struct case_file *c, const struct case_target *t, struct arena *a, struct strbuf *out,
                   const char **why)
{
	struct http_lite h;
	struct http_answer answer = {0};
	const char *database = case_database(c, a);
	http_lite_init(&h, t->host, t->http_port);
	h.deadline_ms = t->deadline_ms;
	strbuf_init(&answer.head, NULL);
	strbuf_init(&answer.body, NULL);
	bool good = setup(&h, a, arena_strf(a, "DROP DATABASE IF EXISTS %s", database).data, &answer, why) &&
	            setup(&h, a, arena_strf(a, "CREATE DATABASE %s", database).data, &answer, why);
	const char *address = arena_strf(a, "/?database=%s%s%s%s%s", database, c->session ? "&session_id=" : "",
	                                 c->session ? database : "", c->dialect != NULL ? "&dialect=" : "",
	                                 c->dialect != NULL ? c->dialect : "").data;
	for (size_t i = 0; good && i < c->count; i++)
		good = run_one(&h, address, &c->stmts[i], a, &answer, out, why);
	const char *ignored;
	if (good)
		setup(&h, a, arena_strf(a, "DROP DATABASE IF EXISTS %s", database).data, &answer, &ignored);
	http_lite_fini(&h);
	strbuf_fini(&answer.head);
	strbuf_fini(&answer.body);
	return good;
}
