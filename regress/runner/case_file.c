// SPDX-License-Identifier: Apache-2.0
#include "regress/runner/case_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *file_text(struct arena *a, const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return NULL;
	char *text = NULL;
	if (fseek(f, 0, SEEK_END) == 0) {
		long n = ftell(f);
		rewind(f);
		if (n >= 0) {
			text = arena_alloc(a, (size_t)n + 1);
			*size = fread(text, 1, (size_t)n, f);
			text[*size] = '\0';
		}
	}
	fclose(f);
	return text;
}

/* The next line without its line feed; *at moves behind it. */
static struct str next_line(const char **at, const char *end)
{
	const char *start = *at, *lf = memchr(start, '\n', (size_t)(end - start));
	*at = lf == NULL ? end : lf + 1;
	return str_make(start, (size_t)((lf == NULL ? end : lf) - start));
}

static bool read_first_line(struct case_file *c, struct arena *a, struct str line)
{
	if (!str_starts_with(line, STR("-- over:")))
		return false;
	char *words = arena_strndup(a, line.data + 8, line.size - 8), *rest = NULL;
	for (char *w = strtok_r(words, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest)) {
		if (strcmp(w, "pg") == 0)
			c->pg = true;
		else if (strcmp(w, "http") == 0)
			c->http = true;
		else if (strcmp(w, "both") == 0)
			c->pg = c->http = true;
		else if (strcmp(w, "session") == 0)
			c->session = true;
		else if (strcmp(w, "hand") == 0)
			c->hand = true;
		else if (strncmp(w, "dialect=", 8) == 0)
			c->dialect = w + 8;
		else if (strncmp(w, "needs=", 6) == 0)
			c->needs = w + 6;
		else
			return false;
	}
	return c->pg || c->http;
}

static bool read_directive(struct case_stmt *s, struct arena *a, struct str line)
{
	struct str d = str_trim(str_make(line.data + 3, line.size - 3));
	if (str_starts_with(d, STR("url ")))
		s->url = arena_strndup(a, d.data + 4, d.size - 4);
	else if (str_starts_with(d, STR("bind ")))
		s->bind = arena_strndup(a, d.data + 5, d.size - 5);
	else if (str_eq(d, STR("names")))
		s->names = true;
	else if (str_eq(d, STR("message")))
		s->message = true;
	else if (str_eq(d, STR("sort")))
		s->sort = true;
	else if (str_eq(d, STR("binary")))
		s->binary = true;
	else
		return false;
	return true;
}

/* "FORMAT Name" at the end of an INSERT's line: data follows. */
static bool ends_in_format(struct str statement, struct str line)
{
	if (!str_starts_with_nocase(statement, STR("INSERT ")))
		return false;
	size_t i = line.size;
	while (i > 0 && line.data[i - 1] != ' ')
		i--;
	struct str before = str_trim(str_make(line.data, i));
	return i < line.size && before.size >= 6 && str_eq_nocase(str_make(before.data + before.size - 6, 6), STR("FORMAT"));
}

static bool is_copy_in(struct str statement)
{
	return str_starts_with_nocase(statement, STR("COPY ")) && str_find(statement, STR("FROM STDIN")) >= 0;
}

static void read_data(struct case_stmt *s, const char **at, const char *end)
{
	s->data = *at;
	while (*at < end) {
		const char *start = *at;
		if (str_eq(next_line(at, end), STR("\\."))) {
			s->data_size = (size_t)(start - s->data);
			return;
		}
	}
	s->data_size = (size_t)(end - s->data);
}

bool case_read(struct case_file *c, struct arena *a, const char *srcdir, const char *name, const char **why)
{
	memset(c, 0, sizeof *c);
	c->name = name;
	size_t size = 0;
	const char *at = file_text(a, arena_strf(a, "%s/sql/%s.sql", srcdir, name).data, &size);
	*why = "cannot be read";
	if (at == NULL)
		return false;
	const char *end = at + size, *start = NULL;
	*why = "the first line must be -- over: pg|http|both …";
	if (!read_first_line(c, a, next_line(&at, end)))
		return false;
	*why = "unknown --! line";
	struct case_stmt s = {0};
	while (at < end) {
		const char *line_start = at;
		struct str raw = next_line(&at, end), line = str_trim(raw);
		if (start == NULL && str_starts_with(line, STR("--!"))) {
			if (!read_directive(&s, a, line))
				return false;
			continue;
		}
		if (start == NULL && (line.size == 0 || str_starts_with(line, STR("--"))))
			continue;
		if (start == NULL)
			start = line_start;
		struct str statement = str_make(start, (size_t)(raw.data + raw.size - start));
		bool ends = line.size != 0 && line.data[line.size - 1] == ';';
		bool data = ends ? is_copy_in(str_trim(statement)) : ends_in_format(statement, line);
		if (!ends && !data)
			continue;
		statement = str_trim(statement);
		s.text_size = statement.size - (ends ? 1 : 0);
		s.text = arena_strndup(a, statement.data, s.text_size);
		if (data)
			read_data(&s, &at, end);
		ARENA_PUSH(a, c->stmts, c->count, c->capacity, s);
		memset(&s, 0, sizeof s);
		start = NULL;
	}
	*why = "the last statement does not end in ;";
	return start == NULL;
}
