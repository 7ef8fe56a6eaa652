// SPDX-License-Identifier: Apache-2.0
#include "storage/key_text.h"

/* The end of the piece that begins at `from`: the next comma outside of quotes and brackets. */
static size_t piece_end(struct str t, size_t from)
{
	int depth = 0;
	char quote = 0;
	for (size_t i = from; i < t.size; i++) {
		char c = t.data[i];
		if (quote != 0) {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = 0;
		} else if (c == '\'' || c == '`' || c == '"') {
			quote = c;
		} else if (c == '(' || c == '[' || c == '{') {
			depth++;
		} else if (c == ')' || c == ']' || c == '}') {
			depth--;
		} else if (c == ',' && depth <= 0) {
			return i;
		}
	}
	return t.size;
}

static uint32_t count_pieces(struct str t)
{
	uint32_t n = 0;
	for (size_t at = 0; at < t.size; n++)
		at = piece_end(t, at) + 1;
	return n;
}

static struct str unquote(struct arena *a, struct str t, bool *string)
{
	*string = t.size >= 2 && t.data[0] == '\'';
	if (t.size < 2 || (t.data[0] != '\'' && t.data[0] != '`' && t.data[0] != '"') || t.data[t.size - 1] != t.data[0])
		return t;
	char *to = arena_alloc(a, t.size);
	size_t n = 0;
	for (size_t i = 1; i + 1 < t.size; i++) {
		if (t.data[i] == '\\' || (t.data[i] == t.data[0] && t.data[i + 1] == t.data[0]))
			i++;
		to[n++] = t.data[i];
	}
	return (struct str){to, n};
}

enum status key_args_parse(struct arena *a, struct str text, struct key_args *out, struct error *err)
{
	text = str_trim(text);
	*out = (struct key_args){.args = ARENA_ARRAY(a, struct key_arg, count_pieces(text) + 1)};
	for (size_t at = 0; at < text.size;) {
		size_t end = piece_end(text, at);
		struct str piece = str_trim((struct str){text.data + at, end - at});
		struct key_arg *arg = &out->args[out->count++];
		at = end + 1;
		if (piece.size == 0)
			return ERR(err, E_BAD_ARGUMENTS, "an argument is missing in (%.*s)", STR_ARG(text));
		if (piece.data[0] != '(' && !str_starts_with_nocase(piece, STR("tuple("))) {
			arg->text = unquote(a, piece, &arg->quoted);
			continue;
		}
		arg->is_list = true;
		arg->text = piece;
		size_t open = (size_t)str_find_char(piece, '(') + 1;
		struct str inside = {piece.data + open, piece.size - open - 1};
		arg->list = ARENA_ARRAY(a, struct str, count_pieces(inside) + 1);
		for (size_t i = 0; i < inside.size;) {
			size_t e = piece_end(inside, i);
			bool string;
			arg->list[arg->list_count++] = unquote(a, str_trim((struct str){inside.data + i, e - i}), &string);
			i = e + 1;
		}
	}
	return OK;
}

/* Position of a keyword outside of quotes and brackets, at a word's beginning; -1. */
static ptrdiff_t find_word(struct str t, const char *word)
{
	size_t n = strlen(word);
	int depth = 0;
	char quote = 0;
	for (size_t i = 0; i < t.size; i++) {
		char c = t.data[i];
		if (quote != 0) {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = 0;
			continue;
		}
		if (c == '\'' || c == '`' || c == '"')
			quote = c;
		else if (c == '(' || c == '[')
			depth++;
		else if (c == ')' || c == ']')
			depth--;
		bool begins = i == 0 || t.data[i - 1] == ' ' || t.data[i - 1] == '\n' || t.data[i - 1] == ')';
		bool ends = i + n == t.size || (i + n < t.size && (t.data[i + n] == ' ' || t.data[i + n] == '\n'));
		if (depth == 0 && begins && ends && str_eq_nocase((struct str){t.data + i, n}, str_of(word)))
			return (ptrdiff_t)i;
	}
	return -1;
}

static struct str before(struct str t, ptrdiff_t at)
{
	return at < 0 ? t : str_trim((struct str){t.data, (size_t)at});
}

/* TO DISK 'd' and TO VOLUME 'v': there is one of each. */
static enum status take_destination(struct ttl_text *t, struct str *piece, struct error *err)
{
	ptrdiff_t at = find_word(*piece, "TO");
	if (at < 0)
		return OK;
	struct str to = str_trim((struct str){piece->data + at + 2, piece->size - (size_t)at - 2});
	bool volume = to.size > 6 && str_eq_nocase((struct str){to.data, 6}, STR("VOLUME"));
	ptrdiff_t quote = str_find_char(to, '\'');
	struct str name = quote < 0 ? STR("") : (struct str){to.data + quote + 1, to.size - (size_t)quote - 1};
	if (name.size != 0 && name.data[name.size - 1] == '\'')
		name.size--;
	if (!str_eq(name, STR("default")))
		return ERR(err, E_BAD_TTL_EXPRESSION, "No such %s `%.*s` for given storage policy", volume ? "volume" : "disk",
		           STR_ARG(name));
	t->moves = true;
	*piece = before(*piece, at);
	return OK;
}

static enum status take_codec(struct ttl_text *t, struct str *piece, struct error *err)
{
	ptrdiff_t at = find_word(*piece, "RECOMPRESS");
	if (at < 0)
		return OK;
	struct str codec = str_trim((struct str){piece->data + at + 10, piece->size - (size_t)at - 10});
	ptrdiff_t open = str_find_char(codec, '(');
	if (open < 0 || codec.data[codec.size - 1] != ')')
		return ERR(err, E_BAD_TTL_EXPRESSION, "RECOMPRESS takes CODEC(…): %.*s", STR_ARG(codec));
	t->recompress = (struct str){codec.data + open + 1, codec.size - (size_t)open - 2};
	*piece = before(*piece, at);
	return OK;
}

enum status ttl_text_split(struct arena *a, struct str text, struct ttl_text **out, uint32_t *count, struct error *err)
{
	text = str_trim(text);
	*out = ARENA_ARRAY(a, struct ttl_text, count_pieces(text) + 1);
	*count = 0;
	for (size_t at = 0; at < text.size;) {
		size_t end = piece_end(text, at);
		struct str piece = str_trim((struct str){text.data + at, end - at});
		at = end + 1;
		if (find_word(piece, "GROUP") >= 0)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: TTL with GROUP BY");
		struct ttl_text t = {.expires = piece};
		TRY(take_destination(&t, &piece, err));
		TRY(take_codec(&t, &piece, err));
		t.expires = piece;
		ptrdiff_t where = find_word(piece, "WHERE");
		if (where >= 0)
			t.where = str_trim((struct str){piece.data + where + 5, piece.size - (size_t)where - 5});
		t.expires = before(piece, where);
		t.expires = before(t.expires, find_word(t.expires, "DELETE"));
		(*out)[(*count)++] = t;
	}
	return OK;
}
