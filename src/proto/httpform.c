// SPDX-License-Identifier: Apache-2.0
#include "proto/httpform.h"

#include <assert.h>

#include "proto/httphead_impl.h"

enum multipart_state { BEFORE_FIRST, IN_PREAMBLE, AFTER_DELIMITER, IN_HEAD, IN_PART, AFTER_LAST };

bool http_is_type(struct str content_type, const char *type)
{
	ptrdiff_t semicolon = str_find_char(content_type, ';');
	struct str t = semicolon < 0 ? content_type : str_make(content_type.data, (size_t)semicolon);
	return str_eq_nocase(str_trim(t), str_of(type));
}

/* A quoted string from its opening quote: *s is what follows it. Only \" and \\ are escapes, since browsers send
 * backslashes of file names as they are. */
static bool take_quoted(struct arena *a, struct str *s, struct str *value)
{
	char *to = arena_alloc(a, s->size + 1);
	size_t n = 0, i = 1;
	while (i < s->size && s->data[i] != '"') {
		if (s->data[i] == '\\' && i + 1 < s->size && (s->data[i + 1] == '"' || s->data[i + 1] == '\\'))
			i++;
		to[n++] = s->data[i++];
	}
	if (i >= s->size)
		return false;
	*value = str_make(to, n);
	*s = str_make(s->data + i + 1, s->size - i - 1);
	return true;
}

/* One `name=value` of a header's parameters; *s begins at a ';'. */
static bool take_parameter(struct arena *a, struct str *s, struct str *name, struct str *value)
{
	*s = str_trim(str_make(s->data + 1, s->size - 1));
	ptrdiff_t equals = str_find_char(*s, '=');
	if (equals <= 0)
		return false;
	*name = str_make(s->data, (size_t)equals);
	*s = str_make(s->data + equals + 1, s->size - (size_t)equals - 1);
	if (s->size != 0 && s->data[0] == '"') {
		if (!take_quoted(a, s, value))
			return false;
		*s = str_trim(*s);
	} else {
		ptrdiff_t end = str_find_char(*s, ';');
		*value = str_trim(end < 0 ? *s : str_make(s->data, (size_t)end));
		*s = end < 0 ? STR("") : str_make(s->data + end, s->size - (size_t)end);
	}
	return http_is_token(*name);
}

bool http_parameter(struct arena *a, struct str header, const char *name, struct str *value)
{
	ptrdiff_t at = str_find_char(header, ';');
	struct str rest = at < 0 ? STR("") : str_make(header.data + at, header.size - (size_t)at), n, v;
	while (rest.size != 0 && rest.data[0] == ';') {
		if (!take_parameter(a, &rest, &n, &v))
			return false;
		if (str_eq_nocase(n, str_of(name))) {
			*value = v;
			return true;
		}
	}
	return false;
}

enum status http_pairs_parse(struct arena *a, struct str text, unsigned pairs_max, struct http_pair **pairs,
	size_t *count, struct error *err)
{
	size_t capacity = 0;
	*pairs = NULL;
	*count = 0;
	while (text.size != 0) {
		ptrdiff_t and = str_find_char(text, '&');
		struct str piece = and < 0 ? text : str_make(text.data, (size_t)and);
		text = str_make(text.data + piece.size + (and >= 0), text.size - piece.size - (and >= 0));
		if (piece.size == 0)
			continue;
		ptrdiff_t equals = str_find_char(piece, '=');
		struct str name = equals < 0 ? piece : str_make(piece.data, (size_t)equals);
		struct str value = equals < 0 ? STR("") : str_make(piece.data + equals + 1, piece.size - (size_t)equals - 1);
		struct http_pair p;
		if (!http_decode(a, name, true, &p.name) || !http_decode(a, value, true, &p.value))
			return ERR(err, E_PROTOCOL, "malformed percent escape in parameter \"%.*s\"",
				(int)(name.size < 100 ? name.size : 100), name.data);
		if (str_find_char(p.name, '\0') >= 0)
			return ERR(err, E_PROTOCOL, "a parameter name holds a NUL");
		if (*count >= pairs_max)
			return ERR(err, E_PROTOCOL, "more than %u parameters", pairs_max);
		ARENA_PUSH(a, *pairs, *count, capacity, p);
	}
	return OK;
}

/* RFC 2046: letters, digits and some punctuation, no blank at the end. */
static bool is_boundary(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if ((uint8_t)s.data[i] < 0x20 || (uint8_t)s.data[i] >= 0x7f || s.data[i] == '"')
			return false;
	return s.size != 0 && s.size <= MULTIPART_BOUNDARY_MAX && s.data[s.size - 1] != ' ';
}

enum status multipart_init(struct multipart *m, struct arena *a, struct str content_type, struct error *err)
{
	struct str boundary;
	memset(m, 0, sizeof *m);
	m->arena = a;
	if (!http_is_type(content_type, "multipart/form-data"))
		return ERR(err, E_PROTOCOL, "the body is not multipart/form-data");
	if (!http_parameter(a, content_type, "boundary", &boundary) || !is_boundary(boundary))
		return ERR(err, E_PROTOCOL, "multipart/form-data without a proper boundary");
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary.data, boundary.size);
	m->delimiter_size = 4 + (unsigned)boundary.size;
	m->state = BEFORE_FIRST;
	return OK;
}

static struct str delimiter(const struct multipart *m)
{
	return str_make(m->delimiter, m->delimiter_size);
}

/*
 * Bytes at the start of `in` that are surely before a delimiter; *found: a whole delimiter follows them. Otherwise what
 * is left over could be the beginning of one.
 */
static size_t before_delimiter(const struct multipart *m, struct str in, bool *found)
{
	ptrdiff_t at = str_find(in, delimiter(m));
	*found = at >= 0;
	if (*found)
		return (size_t)at;
	size_t from = in.size < m->delimiter_size ? 0 : in.size - m->delimiter_size + 1;
	for (; from < in.size; from++)
		if (memcmp(in.data + from, m->delimiter, in.size - from) == 0)
			break;
	return from;
}

/* The first delimiter may stand at the very start, without its CRLF. */
static bool skip_first(struct multipart *m, struct str in, size_t *consumed)
{
	size_t size = m->delimiter_size - 2, n = in.size < size ? in.size : size;
	if (memcmp(in.data, m->delimiter + 2, n) != 0) {
		m->state = IN_PREAMBLE;
		return true;
	}
	if (n < size)
		return false;
	*consumed += size;
	m->state = AFTER_DELIMITER;
	return true;
}

static enum status skip_preamble(struct multipart *m, struct str in, size_t *consumed, struct error *err)
{
	bool found;
	size_t n = before_delimiter(m, in, &found);
	m->preamble_bytes += n > MULTIPART_PREAMBLE_MAX ? MULTIPART_PREAMBLE_MAX + 1 : (unsigned)n;
	if (m->preamble_bytes > MULTIPART_PREAMBLE_MAX)
		return ERR(err, E_PROTOCOL, "no part begins in the first %d bytes of the multipart body",
			MULTIPART_PREAMBLE_MAX);
	*consumed += n + (found ? m->delimiter_size : 0);
	if (found)
		m->state = AFTER_DELIMITER;
	return OK;
}

/* Behind a delimiter: "--" ends the body, CRLF begins a part; blanks may stand before the CRLF. */
static enum status after_delimiter(struct multipart *m, struct str in, size_t *consumed, enum multipart_event *event,
	struct error *err)
{
	if (in.size != 0 && (in.data[0] == ' ' || in.data[0] == '\t') && ++m->padding_bytes <= MULTIPART_BOUNDARY_MAX) {
		*consumed += 1;
		return OK;
	}
	if (in.size < 2)
		return OK;
	*consumed += 2;
	if (memcmp(in.data, "--", 2) == 0 && m->padding_bytes == 0) {
		m->state = AFTER_LAST;
		*event = MULTIPART_END;
		return OK;
	}
	if (memcmp(in.data, "\r\n", 2) != 0)
		return ERR(err, E_PROTOCOL, "malformed multipart boundary line");
	if (++m->parts > MULTIPART_PARTS_MAX)
		return ERR(err, E_PROTOCOL, "more than %d parts in the multipart body", MULTIPART_PARTS_MAX);
	m->padding_bytes = 0;
	m->state = IN_HEAD;
	return OK;
}

static enum status read_headers(struct multipart *m, struct str block, struct error *err)
{
	static const struct http_limits limits = {.value_bytes = MULTIPART_HEAD_MAX, .headers = 100};
	struct http_head h = {.headers = NULL};
	bool too_big;
	if (!http_headers_split(m->arena, block, &limits, &h.headers, &h.header_count, &too_big))
		return ERR(err, E_PROTOCOL, "malformed header of a multipart part");
	const struct str *disposition = http_header(&h, "Content-Disposition"), *type = http_header(&h, "Content-Type");
	const struct str *coding = http_header(&h, "Content-Transfer-Encoding");
	if (coding != NULL && !str_eq_nocase(*coding, STR("binary")) && !str_eq_nocase(*coding, STR("8bit"))
		&& !str_eq_nocase(*coding, STR("7bit")))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: Content-Transfer-Encoding of a multipart part");
	m->name = m->type = STR("");
	m->filename = (struct str){NULL, 0};
	if (type != NULL)
		m->type = *type;
	if (disposition == NULL || !http_is_type(*disposition, "form-data"))
		return ERR(err, E_PROTOCOL, "a multipart part has no Content-Disposition: form-data");
	http_parameter(m->arena, *disposition, "name", &m->name);
	http_parameter(m->arena, *disposition, "filename", &m->filename);
	return OK;
}

/* The headers up to their empty line; they are read when that has come. */
static enum status read_head(struct multipart *m, struct str in, size_t *consumed, enum multipart_event *event,
	struct error *err)
{
	struct str block = str_make(in.data, 0);
	if (!str_starts_with(in, STR("\r\n"))) {
		ptrdiff_t end = str_find(in, STR("\r\n\r\n"));
		if ((end < 0 ? in.size : (size_t)end) > MULTIPART_HEAD_MAX)
			return ERR(err, E_PROTOCOL, "the headers of a multipart part are longer than %d bytes", MULTIPART_HEAD_MAX);
		if (end < 0)
			return OK;
		block = str_make(in.data, (size_t)end + 2);
	}
	*consumed += block.size + 2;
	TRY(read_headers(m, arena_str(m->arena, block), err));
	m->state = IN_PART;
	*event = MULTIPART_PART;
	return OK;
}

static void read_part(struct multipart *m, struct str in, size_t *consumed, enum multipart_event *event,
	struct str *data)
{
	bool found;
	size_t n = before_delimiter(m, in, &found);
	if (n != 0) {
		*data = str_make(in.data, n);
		*consumed += n;
		*event = MULTIPART_DATA;
	} else if (found) {
		*consumed += m->delimiter_size;
		m->state = AFTER_DELIMITER;
		*event = MULTIPART_PART_END;
	}
}

enum status multipart_next(struct multipart *m, struct str in, size_t *consumed, enum multipart_event *event,
	struct str *data, struct error *err)
{
	assert(m->delimiter_size > 4);
	*consumed = 0;
	*event = MULTIPART_MORE;
	*data = (struct str){NULL, 0};
	if (m->state == AFTER_LAST) {
		*consumed = in.size;
		*event = MULTIPART_END;
		return OK;
	}
	for (;;) {
		size_t before = *consumed;
		uint8_t state = m->state;
		struct str rest = str_make(in.data + before, in.size - before);
		if (rest.size == 0)
			return OK;
		switch ((enum multipart_state)m->state) {
		case BEFORE_FIRST:
			if (!skip_first(m, rest, consumed))
				return OK;
			break;
		case IN_PREAMBLE:
			TRY(skip_preamble(m, rest, consumed, err));
			break;
		case AFTER_DELIMITER:
			TRY(after_delimiter(m, rest, consumed, event, err));
			break;
		case IN_HEAD:
			TRY(read_head(m, rest, consumed, event, err));
			break;
		case IN_PART:
			read_part(m, rest, consumed, event, data);
			break;
		case AFTER_LAST:
			break;
		}
		if (*event != MULTIPART_MORE || (*consumed == before && m->state == state))
			return OK;
	}
}

enum status multipart_closed(const struct multipart *m, struct error *err)
{
	return m->state == AFTER_LAST ? OK : ERR(err, E_PROTOCOL, "the multipart body ends in the middle of a part");
}
