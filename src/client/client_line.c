// SPDX-License-Identifier: Apache-2.0
/* Typed statements: libedit with a history file, and completion of what the server knows. */
#include <stdlib.h>
#include <string.h>

#include <editline/readline.h>

#include "client/client_impl.h"

enum { WORDS_MAX = 50000, HISTORY_MAX = 10000 };

static char **words;
static size_t word_count;

static const char word_query[] =
	"SELECT arrayJoin(['SELECT','FROM','WHERE','GROUP BY','ORDER BY','LIMIT','INSERT INTO','VALUES','CREATE TABLE',"
	"'CREATE DATABASE','DROP TABLE','ALTER TABLE','SHOW TABLES','SHOW DATABASES','DESCRIBE','EXPLAIN','OPTIMIZE TABLE',"
	"'FORMAT','SETTINGS','ENGINE','PARTITION BY','JOIN','HAVING','UNION ALL','PREWHERE','FINAL','TRUNCATE TABLE']) "
	"UNION ALL SELECT name FROM system.databases UNION ALL SELECT name FROM system.tables "
	"UNION ALL SELECT name FROM system.columns WHERE database = currentDatabase() "
	"UNION ALL SELECT name FROM system.functions UNION ALL SELECT name FROM system.formats FORMAT TabSeparatedRaw";

/* Asked once; without an answer there is no completion. */
static void load_words(struct client *c)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	if (f == NULL)
		return;
	bool good = client_request(c, str_of(word_query), NULL, f, true);
	fclose(f);
	words = good ? calloc(WORDS_MAX, sizeof *words) : NULL;
	for (char *at = text, *end; words != NULL && at != NULL && word_count < WORDS_MAX; at = end + 1) {
		end = strchr(at, '\n');
		if (end == NULL)
			break;
		*end = '\0';
		words[word_count++] = at;
	}
	if (words == NULL)
		free(text);
}

static char *next_word(const char *text, int state)
{
	static size_t at;
	if (state == 0)
		at = 0;
	while (at < word_count) {
		const char *w = words[at++];
		if (str_starts_with_nocase(str_of(w), str_of(text)))
			return strdup(w);
	}
	return NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)start, (void)end;
	rl_attempted_completion_over = 1; /* no file names */
	return rl_completion_matches(text, next_word);
}

static bool ends_statement(const struct strbuf *text)
{
	struct str s = str_trim(strbuf_str(text));
	return s.size != 0 && (s.data[s.size - 1] == ';' || str_ends_with(s, STR("\\G")));
}

static bool history_path(struct strbuf *path)
{
	const char *home = getenv("HOME");
	if (home == NULL)
		return false;
	strbuf_printf(path, "%s/.hanzo-datastore-history", home);
	return true;
}

/* SELECT … \G shows rows one below the other. */
static void run_typed(struct client *c, struct strbuf *text)
{
	struct str s = str_trim(strbuf_str(text));
	const char *format = c->format;
	if (str_ends_with(s, STR("\\G"))) {
		c->format = "Vertical";
		s.size -= 2;
	}
	client_run_text(c, s);
	c->format = format;
}

void client_interactive(struct client *c)
{
	struct strbuf text, path;
	char *line;
	strbuf_init(&text, NULL);
	strbuf_init(&path, NULL);
	rl_attempted_completion_function = complete;
	using_history();
	bool kept = history_path(&path);
	if (kept)
		read_history(strbuf_cstr(&path));
	load_words(c);
	printf("Connected to %s:%u as %s. Statements end with ';' (or \\G), ^D leaves.\n", c->host, c->port, c->user);
	while ((line = readline(text.size == 0 ? "hanzo :) " : "     :-] ")) != NULL) {
		struct str word = str_trim(str_of(line));
		if (text.size == 0 && (str_eq_nocase(word, STR("exit")) || str_eq_nocase(word, STR("quit")))) {
			free(line);
			break;
		}
		strbuf_putz(&text, line);
		strbuf_putc(&text, '\n');
		free(line);
		if (!ends_statement(&text))
			continue;
		add_history(strbuf_cstr(&text));
		run_typed(c, &text);
		strbuf_clear(&text);
	}
	stifle_history(HISTORY_MAX);
	if (kept)
		write_history(strbuf_cstr(&path));
	strbuf_fini(&path);
	strbuf_fini(&text);
}
