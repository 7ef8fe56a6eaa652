// SPDX-License-Identifier: Apache-2.0
/* Strings: length, case, parts by position, padding, trimming, repetition. */
#include <assert.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "func/str_impl.h"

/* ---- length ---- */

static bool is_ascii(struct str s)
{
	uint64_t any = 0, w;
	size_t i = 0;
	for (; i + 8 <= s.size; i += 8) {
		memcpy(&w, s.data + i, 8);
		any |= w;
	}
	for (; i < s.size; i++)
		any |= (uint64_t)(unsigned char)s.data[i];
	return (any & 0x8080808080808080) == 0;
}

static enum status exec_length(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	uint64_t *to = v->data;
	if (type_physical(args[0]->type) == PHYS_STR) {
		const struct strview *from = args[0]->data;
		for (uint32_t i = 0; i < count; i++)
			to[i] = from[i].size;
	} else {
		const uint32_t *offsets = args[0]->data;
		for (uint32_t i = 0; i < count; i++)
			to[i] = offsets[i + 1] - offsets[i];
	}
	*out = v;
	return OK;
}

static bool has_length(const struct type *t)
{
	return type_is_string(t) || t->id == TYPE_ARRAY || t->id == TYPE_MAP;
}

static enum status bind_length(struct bind_env *env, struct call *c)
{
	if (c->arg_types[0]->id == TYPE_ENUM8 || c->arg_types[0]->id == TYPE_ENUM16)
		c->arg_types[0] = type_simple(TYPE_STRING);
	return has_length(c->arg_types[0]) ? OK : call_bad_type(env, c, 0);
}

static enum status exec_length_utf8(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	bool narrow = type_physical(c->result) == PHYS_I32;
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&a, i);
		size_t n = utf8_count(s.data, s.size);
		if (narrow)
			((int32_t *)v->data)[i] = (int32_t)n;
		else
			((uint64_t *)v->data)[i] = n;
	}
	*out = v;
	return OK;
}

static enum status exec_octets(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	struct vector *v;
	int32_t factor = str_eq(str_of(c->function->name), STR("bit_length")) ? 8 : 1;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++)
		((int32_t *)v->data)[i] = (int32_t)str_arg_at(&a, i).size * factor;
	*out = v;
	return OK;
}

/* length() of PostgreSQL: characters, of a bytea bytes. */
static enum status bind_pg_length(struct bind_env *env, struct call *c)
{
	if (type_face(c->arg_types[0]) == FACE_BYTEA)
		c->exec = exec_octets;
	return OK;
}

/* empty and notEmpty; the text tells which. */
static enum status exec_empty(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool want = c->function->name[0] == 'e';
	const struct vector *a = args[0];
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	uint8_t *to = v->data;
	if (a->type->id == TYPE_FIXEDSTRING) {
		for (uint32_t i = 0; i < count; i++) {
			struct str s = strview_str((const struct strview *)a->data + i);
			while (s.size != 0 && s.data[s.size - 1] == '\0')
				s.size--;
			to[i] = (s.size == 0) == want;
		}
	} else if (type_physical(a->type) == PHYS_STR) {
		const struct strview *from = a->data;
		for (uint32_t i = 0; i < count; i++)
			to[i] = (from[i].size == 0) == want;
	} else if (type_physical(a->type) == PHYS_U128) {
		for (uint32_t i = 0; i < count; i++) {
			u128 x;
			memcpy(&x, (const char *)a->data + (size_t)i * 16, 16);
			to[i] = (x == 0) == want;
		}
	} else {
		const uint32_t *offsets = a->data;
		for (uint32_t i = 0; i < count; i++)
			to[i] = (offsets[i + 1] == offsets[i]) == want;
	}
	*out = v;
	return OK;
}

static enum status bind_empty(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	return has_length(t) || t->id == TYPE_UUID || t->id == TYPE_IPV6 ? OK : call_bad_type(env, c, 0);
}

/* ---- case ---- */

static inline char case_byte(char b, bool up)
{
	unsigned char u = (unsigned char)b;
	unsigned char low = (unsigned char)(up ? 'a' : 'A');
	return (char)(u ^ ((unsigned char)(u - low) < 26 ? 0x20 : 0));
}

static void case_bytes(char *to, struct str s, bool up)
{
	for (size_t i = 0; i < s.size; i++)
		to[i] = case_byte(s.data[i], up);
}

static void put_case(struct strbuf *to, struct str s, bool up)
{
	if (strbuf_reserve(to, s.size)) {
		case_bytes(to->data + to->size, s, up);
		to->size += s.size;
	}
}

static void lower_text(struct strbuf *to, struct str s)
{
	put_case(to, s, false);
}

static void upper_text(struct strbuf *to, struct str s)
{
	put_case(to, s, true);
}

/* Letter by letter: the sharp s has no capital of its own length in the locales of the reference systems. */
static uint32_t upper_of(uint32_t c)
{
	return c == 0xdf ? c : (uint32_t)utf8proc_toupper((int32_t)c);
}

/* Letters whose other case is several. */
static const char *special_case(uint32_t c, bool up)
{
	static const struct {
		uint32_t c;
		const char *upper;
	} all[] = {{0xdf, "SS"}, {0x149, "ʼN"}, {0x1f0, "J̌"}, {0xfb00, "FF"}, {0xfb01, "FI"}, {0xfb02, "FL"},
	           {0xfb03, "FFI"}, {0xfb04, "FFL"}, {0xfb05, "ST"}, {0xfb06, "ST"}};
	for (size_t i = 0; i < ARRAY_COUNT(all) && up; i++)
		if (all[i].c == c)
			return all[i].upper;
	return !up && c == 0x130 ? "i̇" : NULL;
}

static void put_case_utf8(struct strbuf *to, struct str s, bool up, bool full)
{
	char bytes[4];
	uint32_t c;
	if (is_ascii(s)) {
		put_case(to, s, up);
		return;
	}
	for (size_t i = 0; i < s.size;) {
		unsigned n = utf8_decode(s.data + i, s.size - i, &c);
		if (c == 0xfffd)
			strbuf_put(to, s.data + i, n);
		else if (full && special_case(c, up) != NULL)
			strbuf_putz(to, special_case(c, up));
		else
			strbuf_put(to, bytes, utf8_encode(up ? upper_of(c) : (uint32_t)utf8proc_tolower((int32_t)c),
			                                  bytes));
		i += n;
	}
}

static void lower_utf8(struct strbuf *to, struct str s)
{
	put_case_utf8(to, s, false, true);
}

static void upper_utf8(struct strbuf *to, struct str s)
{
	put_case_utf8(to, s, true, true);
}

static void lower_pg(struct strbuf *to, struct str s)
{
	put_case_utf8(to, s, false, false);
}

static void upper_pg(struct strbuf *to, struct str s)
{
	put_case_utf8(to, s, true, false);
}

static void initcap_text(struct strbuf *to, struct str s)
{
	char bytes[4];
	bool inside = false;
	uint32_t c;
	for (size_t i = 0; i < s.size;) {
		unsigned n = utf8_decode(s.data + i, s.size - i, &c);
		utf8proc_category_t k = utf8proc_category((int32_t)c);
		bool word = c != 0xfffd && ((k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) || k == UTF8PROC_CATEGORY_ND);
		if (word)
			strbuf_put(to, bytes, utf8_encode((uint32_t)(inside ? utf8proc_tolower((int32_t)c) : utf8proc_toupper((int32_t)c)),
			                                  bytes));
		else
			strbuf_put(to, s.data + i, n);
		inside = word;
		i += n;
	}
}

static void reverse_bytes(struct strbuf *to, struct str s)
{
	if (!strbuf_reserve(to, s.size))
		return;
	for (size_t i = 0; i < s.size; i++)
		to->data[to->size + i] = s.data[s.size - 1 - i];
	to->size += s.size;
}

static void reverse_utf8(struct strbuf *to, struct str s)
{
	for (size_t end = s.size; end != 0;) {
		size_t at = end - 1;
		while (at != 0 && end - at < 4 && ((unsigned char)s.data[at] & 0xc0) == 0x80)
			at--;
		strbuf_put(to, s.data + at, end - at);
		end = at;
	}
}

typedef void (*text_fn)(struct strbuf *to, struct str s);

/* The row's name picks the function over one text. */
static const struct {
	const char *name;
	text_fn make;
	bool pg;
} texts[] = {
	{"lower", lower_text, false}, {"upper", upper_text, false}, {"lowerUTF8", lower_utf8, false},
	{"upperUTF8", upper_utf8, false}, {"initcap", initcap_text, false}, {"initcapUTF8", initcap_text, false},
	{"reverse", reverse_bytes, false}, {"reverseUTF8", reverse_utf8, false}, {"lower", lower_pg, true},
	{"upper", upper_pg, true}, {"reverse", reverse_utf8, true},
};

static enum status exec_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const text_fn *make = c->state;
	return str_each_text(c, e, args[0], count, *make, out);
}

static enum status bind_text(struct bind_env *env, struct call *c)
{
	bool pg = !(c->function->flags & FUNCTION_CH);
	text_fn *state = ARENA_NEW(env->arena, text_fn);
	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		if (strcmp(texts[i].name, c->function->name) == 0 && (*state == NULL || texts[i].pg == pg))
			*state = texts[i].make;
	assert(*state != NULL);
	c->state = state;
	return OK;
}

/* ---- parts by position ---- */

/* ClickHouse's substring over n units: offset from 1, negative from the end; length negative: so many before the end.
 * */
static void ch_range(int64_t n, int64_t offset, bool has_length, int64_t length, int64_t *from, int64_t *size)
{
	int64_t start = offset > 0 ? offset - 1 : n + offset, end = n;
	*from = *size = 0;
	if (offset == 0)
		return;
	if (has_length) {
		if (length < 0)
			end = n + length;
		else if (length < n - start)
			end = start + length;
	}
	if (start < 0)
		start = 0;
	if (end > n)
		end = n;
	*from = start < n ? start : n;
	*size = end > *from ? end - *from : 0;
}

/* PostgreSQL's: characters [start, start + length) of those from 1. false: negative length. */
static bool pg_range(int64_t n, int64_t start, bool has_length, int64_t length, int64_t *from, int64_t *size)
{
	int64_t end = INT64_MAX;
	if (has_length && length < 0)
		return false;
	if (has_length && __builtin_add_overflow(start, length, &end))
		end = INT64_MAX;
	if (start < 1)
		start = 1;
	*from = start - 1 < n ? start - 1 : n;
	int64_t until = end - 1 < n ? end - 1 : n;
	*size = until > *from ? until - *from : 0;
	return true;
}

enum unit { BYTES, CODE_POINTS };
struct part {
	enum unit unit;
	bool pg, left, right;
};

/* left(s, n) and right(s, n), negative n: all but so many. */
static void side_range(const struct part *p, int64_t n, int64_t k, int64_t *from, int64_t *size)
{
	int64_t keep = k >= 0 ? (k < n ? k : n) : (n + k > 0 ? n + k : 0);
	*from = p->left ? 0 : n - keep;
	*size = keep;
}

static enum status exec_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct part *p = c->state;
	struct str_arg text = str_arg(args[0]);
	struct i64_arg offset = i64_arg(args[1]), length = offset;
	bool has_length = c->arg_count > 2;
	if (has_length)
		length = i64_arg(args[2]);
	TRY(str_views(c, e, args[0], count, out));
	struct strview *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i);
		bool bytes = p->unit == BYTES || is_ascii(s);
		int64_t n = (int64_t)(bytes ? s.size : utf8_count(s.data, s.size)), from = 0, size = 0;
		bool good = true;
		if (p->left || p->right)
			side_range(p, n, i64_arg_at(&offset, i), &from, &size);
		else if (p->pg)
			good = pg_range(n, i64_arg_at(&offset, i), has_length, has_length ? i64_arg_at(&length, i) : 0, &from, &size);
		else
			ch_range(n, i64_arg_at(&offset, i), has_length, has_length ? i64_arg_at(&length, i) : 0, &from, &size);
		if (!good && !eval_skips(e, i)) {
			vector_unref(*out);
			*out = NULL;
			return ERR(e->err, E_BAD_ARGUMENTS, "negative substring length not allowed");
		}
		if (!bytes) {
			size_t a = utf8_offset(s.data, s.size, (size_t)from);
			size = (int64_t)utf8_offset(s.data + a, s.size - a, (size_t)size);
			from = (int64_t)a;
		}
		to[i] = strview_make(s.data + from, (size_t)size);
	}
	return OK;
}

static enum status bind_part(struct bind_env *env, struct call *c)
{
	struct part *p = ARENA_NEW(env->arena, struct part);
	struct str name = str_of(c->function->name);
	p->pg = !(c->function->flags & FUNCTION_CH);
	/* a text there is a pattern: another row's */
	if (!type_is_integer(c->arg_types[1]))
		return call_bad_type(env, c, 1);
	c->arg_types[1] = type_simple(TYPE_INT64);
	p->unit = (p->pg && type_face(c->arg_types[0]) != FACE_BYTEA) ||
		str_ends_with(name, STR("UTF8")) ? CODE_POINTS : BYTES;
	p->left = str_starts_with(name, STR("left"));
	p->right = str_starts_with(name, STR("right"));
	if (p->pg && type_face(c->arg_types[0]) == FACE_BYTEA)
		c->result = c->arg_types[0];
	c->state = p;
	return OK;
}

/* ---- trim ---- */

struct trim {
	bool left, right, only_blank;
	bool set[256];
	bool has_set;       /* constant */
	bool utf8;
};

static bool utf8_in(struct str set, const char *s, unsigned n)
{
	for (size_t i = 0; i < set.size;) {
		uint32_t c;
		unsigned m = utf8_decode(set.data + i, set.size - i, &c);
		if (m == n && memcmp(set.data + i, s, n) == 0)
			return true;
		i += m;
	}
	return false;
}

static struct str trim_utf8(const struct trim *t, struct str s, struct str set)
{
	uint32_t c;
	while (t->left && s.size != 0) {
		unsigned n = utf8_decode(s.data, s.size, &c);
		if (!utf8_in(set, s.data, n))
			break;
		s.data += n;
		s.size -= n;
	}
	while (t->right && s.size != 0) {
		unsigned n = 1;
		while (n < 4 && n < s.size && ((unsigned char)s.data[s.size - n] & 0xc0) == 0x80)
			n++;
		if (!utf8_in(set, s.data + s.size - n, n))
			break;
		s.size -= n;
	}
	return s;
}

static enum status exec_trim(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct trim t = *(const struct trim *)c->state;
	struct str_arg text = str_arg(args[0]), sets = text;
	if (c->arg_count > 1)
		sets = str_arg(args[1]);
	TRY(str_views(c, e, args[0], count, out));
	struct strview *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i), set = c->arg_count > 1 ? str_arg_at(&sets, i) : STR(" ");
		if (c->arg_count > 1 && !is_ascii(set)) {
			s = trim_utf8(&t, s, set);
			to[i] = strview_make(s.data, s.size);
			continue;
		}
		if (c->arg_count > 1 && (i == 0 || sets.stride != 0)) {
			memset(t.set, 0, sizeof t.set);
			for (size_t k = 0; k < set.size; k++)
				t.set[(unsigned char)set.data[k]] = true;
		}
		while (t.left && s.size != 0 && t.set[(unsigned char)s.data[0]]) {
			s.data++;
			s.size--;
		}
		while (t.right && s.size != 0 && t.set[(unsigned char)s.data[s.size - 1]])
			s.size--;
		to[i] = strview_make(s.data, s.size);
	}
	return OK;
}

static enum status bind_trim(struct bind_env *env, struct call *c)
{
	struct trim *t = ARENA_NEW(env->arena, struct trim);
	struct str name = str_of(c->function->name);
	t->left = str_eq(name, STR("trimLeft")) || str_eq(name, STR("trimBoth"));
	t->right = str_eq(name, STR("trimRight")) || str_eq(name, STR("trimBoth"));
	t->set[' '] = true;
	c->state = t;
	return OK;
}

/* ---- padding and repetition ---- */

enum { REPEAT_MAX = 1000000 };

static enum status exec_repeat(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	bool space = c->arg_count == 1;
	struct str_arg text = str_arg(args[0]);
	struct i64_arg times = i64_arg(args[space ? 0 : 1]);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t n = eval_skips(e, i) ? 0 : i64_arg_at(&times, i);
		struct str one = space ? STR(" ") : str_arg_at(&text, i);
		if (n > REPEAT_MAX || (n > 0 && one.size > (size_t)STRING_SIZE_MAX / (size_t)n))
			s = ERR(e->err, E_STRING_TOO_LONG, "Too many times to repeat (%lld), maximum is: %d", (long long)n, REPEAT_MAX);
		else if (n > 0 && strbuf_reserve(&o.text, one.size * (size_t)n))
			for (int64_t k = 0; k < n; k++)
				strbuf_puts(&o.text, one);
		strings_end(&o, i);
	}
	enum status finish = strings_finish(&o, c, e, count, out);
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

struct pad {
	bool left, utf8, pg;
};

static void put_padding(struct strbuf *to, struct str fill, size_t units, bool utf8)
{
	size_t per = utf8 ? utf8_count(fill.data, fill.size) : fill.size;
	for (; units >= per; units -= per)
		strbuf_puts(to, fill);
	strbuf_put(to, fill.data, utf8 ? utf8_offset(fill.data, fill.size, units) : units);
}

static enum status exec_pad(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct pad *p = c->state;
	struct str_arg text = str_arg(args[0]), fills = text;
	struct i64_arg lengths = i64_arg(args[1]);
	struct strings o;
	enum status s = OK;
	if (c->arg_count > 2)
		fills = str_arg(args[2]);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str x = str_arg_at(&text, i), fill = c->arg_count > 2 ? str_arg_at(&fills, i) : STR(" ");
		int64_t want = eval_skips(e, i) ? 0 : i64_arg_at(&lengths, i);
		size_t n = p->utf8 ? utf8_count(x.data, x.size) : x.size;
		if (fill.size == 0 && !p->pg)
			fill = STR(" ");
		if (want < 0 && p->pg)
			want = 0;
		if (want < 0 || want > 16 * REPEAT_MAX) {
			s = ERR(e->err, E_STRING_TOO_LONG, "Too %s pad length %lld", want < 0 ? "small" : "large", (long long)want);
			break;
		}
		size_t missing = (size_t)want > n ? (size_t)want - n : 0;
		if ((size_t)want < n)
			x.size = p->utf8 ? utf8_offset(x.data, x.size, (size_t)want) : (size_t)want;
		if (p->left && fill.size != 0)
			put_padding(&o.text, fill, missing, p->utf8);
		strbuf_puts(&o.text, x);
		if (!p->left && fill.size != 0)
			put_padding(&o.text, fill, missing, p->utf8);
		strings_end(&o, i);
	}
	enum status finish = strings_finish(&o, c, e, s == OK ? count : 0, out);
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

static enum status bind_pad(struct bind_env *env, struct call *c)
{
	struct pad *p = ARENA_NEW(env->arena, struct pad);
	struct str name = str_of(c->function->name);
	p->pg = !(c->function->flags & FUNCTION_CH);
	p->left = name.data[0] == 'l';
	p->utf8 = p->pg || str_ends_with(name, STR("UTF8"));
	c->state = p;
	return OK;
}

static enum status exec_append_char(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	struct str_arg text = str_arg(args[0]), last = str_arg(args[1]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i), one = str_arg_at(&last, i);
		strbuf_puts(&o.text, s);
		if (s.size != 0 && one.size != 0 && s.data[s.size - 1] != one.data[0])
			strbuf_putc(&o.text, one.data[0]);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_ascii(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct vector *v;
	bool pg = !(c->function->flags & FUNCTION_CH);
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i);
		uint32_t code = s.size == 0 ? 0 : (unsigned char)s.data[0];
		if (pg && s.size != 0)
			utf8_decode(s.data, s.size, &code);
		((int32_t *)v->data)[i] = pg ? (int32_t)code : (int32_t)(int8_t)code;
	}
	*out = v;
	return OK;
}

static enum status exec_char(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < c->arg_count; k++) {
			struct i64_arg a = i64_arg(args[k]);
			strbuf_putc(&o.text, (char)(unsigned char)i64_arg_at(&a, i));
		}
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* ---- the rest over one text ---- */

static enum status exec_valid_utf8(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i);
		((uint8_t *)v->data)[i] = utf8_valid(s.data, s.size);
	}
	*out = v;
	return OK;
}

static void to_valid_utf8(struct strbuf *to, struct str s)
{
	bool bad = false;
	uint32_t c;
	for (size_t i = 0; i < s.size;) {
		unsigned n = utf8_decode(s.data + i, s.size - i, &c);
		bool ill = c == 0xfffd && n == 1;
		if (ill && !bad)
			strbuf_putz(to, "\xef\xbf\xbd");
		else if (!ill)
			strbuf_put(to, s.data + i, n);
		bad = ill;
		i += n;
	}
}

static struct str cut_to_zero(struct str s)
{
	const char *p = s.size == 0 ? NULL : memchr(s.data, 0, s.size);
	return p == NULL ? s : str_make(s.data, (size_t)(p - s.data));
}

static enum status exec_to_valid(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	return str_each_text(c, e, args[0], count, to_valid_utf8, out);
}

static enum status exec_cut_to_zero(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	return str_each_part(c, e, args[0], count, cut_to_zero, out);
}

static const struct function rows[] = {
	FUNCTION_ROW("length", "~OCTET_LENGTH", CH_NOCASE, "*", "UInt64", bind_length, exec_length,
	             "Bytes of a string, elements of an array or map.", "length('abc')", "3"),
	FUNCTION_ROW("lengthUTF8", "~CHAR_LENGTH ~CHARACTER_LENGTH", FUNCTION_CH, "S", "UInt64", NULL, exec_length_utf8,
	             "Characters of a string.", "lengthUTF8('aé')", "2"),
	FUNCTION_ROW("length", "char_length character_length", FUNCTION_PG, "S", "Int32", bind_pg_length, exec_length_utf8,
	             "Characters of a string, bytes of a bytea.", "length('aé')", "2"),
	FUNCTION_ROW("octet_length", NULL, FUNCTION_PG, "S", "Int32", NULL, exec_octets, "Bytes of a string.",
	             "octet_length('aé')", "3"),
	FUNCTION_ROW("bit_length", NULL, FUNCTION_PG, "S", "Int32", NULL, exec_octets, "Bits of a string.",
	             "bit_length('ab')", "16"),
	FUNCTION_ROW("empty", NULL, FUNCTION_CH, "*", "UInt8", bind_empty, exec_empty, "Whether a string or array is empty.",
	             "empty('')", "1"),
	FUNCTION_ROW("notEmpty", NULL, FUNCTION_CH, "*", "UInt8", bind_empty, exec_empty,
	             "Whether a string or array is not empty.", "notEmpty('a')", "1"),
	FUNCTION_ROW("lower", "lcase", CH_NOCASE, "S", "String", bind_text, exec_text, "ASCII letters in lower case.",
	             "lower('ABC')", "abc"),
	FUNCTION_ROW("upper", "ucase", CH_NOCASE, "S", "String", bind_text, exec_text, "ASCII letters in upper case.",
	             "upper('abc')", "ABC"),
	FUNCTION_ROW("lower", NULL, FUNCTION_PG, "S", "String", bind_text, exec_text, "Letters in lower case.", "lower('ABC')",
	             "abc"),
	FUNCTION_ROW("upper", NULL, FUNCTION_PG, "S", "String", bind_text, exec_text, "Letters in upper case.", "upper('abc')",
	             "ABC"),
	FUNCTION_ROW("lowerUTF8", NULL, FUNCTION_CH, "S", "String", bind_text, exec_text, "Letters in lower case.",
	             "lowerUTF8('ÄB')", "äb"),
	FUNCTION_ROW("upperUTF8", NULL, FUNCTION_CH, "S", "String", bind_text, exec_text, "Letters in upper case.",
	             "upperUTF8('äb')", "ÄB"),
	FUNCTION_ROW("initcap", NULL, BOTH_NOCASE, "S", "String", bind_text, exec_text,
	             "Words with a capital first and small letters after it.", "initcap('hello wORLD')", "Hello World"),
	FUNCTION_ROW("initcapUTF8", NULL, FUNCTION_CH, "S", "String", bind_text, exec_text,
	             "Words with a capital first and small letters after it.", "initcapUTF8('hello wORLD')", "Hello World"),
	FUNCTION_ROW("reverse", NULL, CH_NOCASE, "S", "String", bind_text, exec_text, "The bytes in reverse order.",
	             "reverse('abc')", "cba"),
	FUNCTION_ROW("reverse", NULL, FUNCTION_PG, "S", "String", bind_text, exec_text, "The characters in reverse order.",
	             "reverse('abc')", "cba"),
	FUNCTION_ROW("reverseUTF8", NULL, FUNCTION_CH, "S", "String", bind_text, exec_text, "The characters in reverse order.",
	             "reverseUTF8('aé')", "éa"),
	FUNCTION_ROW("substring", "substr mid ~byteSlice", CH_NOCASE, "SJJ?", "String", bind_part, exec_part,
	             "Bytes from a position (from 1, negative from the end) on.", "substring('Hello', 2, 3)", "ell"),
	FUNCTION_ROW("substringUTF8", "~substrUTF8", FUNCTION_CH, "SJJ?", "String", bind_part, exec_part,
	             "Characters from a position (from 1, negative from the end) on.", "substringUTF8('aéb', 2, 1)", "é"),
	FUNCTION_ROW("substring", "substr", FUNCTION_PG, "S*J?", "String", bind_part, exec_part,
	             "Characters from a position on.", "substring('Hello' from 2 for 3)", "ell"),
	FUNCTION_ROW("left", NULL, CH_NOCASE, "SJ", "String", bind_part, exec_part, "The first bytes.", "left('Hello', 2)",
	             "He"),
	FUNCTION_ROW("right", NULL, CH_NOCASE, "SJ", "String", bind_part, exec_part, "The last bytes.", "right('Hello', 2)",
	             "lo"),
	FUNCTION_ROW("leftUTF8", NULL, FUNCTION_CH, "SJ", "String", bind_part, exec_part, "The first characters.",
	             "leftUTF8('éab', 2)", "éa"),
	FUNCTION_ROW("rightUTF8", NULL, FUNCTION_CH, "SJ", "String", bind_part, exec_part, "The last characters.",
	             "rightUTF8('abé', 2)", "bé"),
	FUNCTION_ROW("left", NULL, FUNCTION_PG, "SJ", "String", bind_part, exec_part, "The first characters.",
	             "left('Hello', 2)", "He"),
	FUNCTION_ROW("right", NULL, FUNCTION_PG, "SJ", "String", bind_part, exec_part, "The last characters.",
	             "right('Hello', -3)", "lo"),
	FUNCTION_ROW("trimBoth", "~trim ~btrim", FUNCTION_BOTH, "SS?", "String", bind_trim, exec_trim,
	             "Without the blanks, or the characters given, at both ends.", "trimBoth('  x ')", "x"),
	FUNCTION_ROW("trimLeft", "~ltrim", FUNCTION_BOTH, "SS?", "String", bind_trim, exec_trim,
	             "Without the blanks, or the characters given, at the start.", "concat(trimLeft('  x '), '|')", "x |"),
	FUNCTION_ROW("trimRight", "~rtrim", FUNCTION_BOTH, "SS?", "String", bind_trim, exec_trim,
	             "Without the blanks, or the characters given, at the end.", "concat('|', trimRight(' x  '))", "| x"),
	FUNCTION_ROW("repeat", NULL, BOTH_NOCASE, "SJ", "String", NULL, exec_repeat, "A string several times.",
	             "repeat('ab', 3)", "ababab"),
	FUNCTION_ROW("space", NULL, CH_NOCASE, "J", "String", NULL, exec_repeat, "So many blanks.", "concat(space(3), '|')",
	             "   |"),
	FUNCTION_ROW("leftPad", "~lpad", FUNCTION_CH, "SJS?", "String", bind_pad, exec_pad,
	             "Padded at the start to a length in bytes.", "leftPad('abc', 5, '*')", "**abc"),
	FUNCTION_ROW("rightPad", "~rpad", FUNCTION_CH, "SJS?", "String", bind_pad, exec_pad,
	             "Padded at the end to a length in bytes.", "rightPad('abc', 5, '*')", "abc**"),
	FUNCTION_ROW("leftPadUTF8", NULL, FUNCTION_CH, "SJS?", "String", bind_pad, exec_pad,
	             "Padded at the start to a length in characters.", "leftPadUTF8('é', 3, '*')", "**é"),
	FUNCTION_ROW("rightPadUTF8", NULL, FUNCTION_CH, "SJS?", "String", bind_pad, exec_pad,
	             "Padded at the end to a length in characters.", "rightPadUTF8('é', 3, '*')", "é**"),
	FUNCTION_ROW("lpad", NULL, FUNCTION_PG, "SJS?", "String", bind_pad, exec_pad, "Padded at the start to a length.",
	             "lpad('hi', 5, 'xy')", "xyxhi"),
	FUNCTION_ROW("rpad", NULL, FUNCTION_PG, "SJS?", "String", bind_pad, exec_pad, "Padded at the end to a length.",
	             "rpad('hi', 5, 'xy')", "hixyx"),
	FUNCTION_ROW("appendTrailingCharIfAbsent", NULL, FUNCTION_CH, "SS", "String", NULL, exec_append_char,
	             "Ends with the character given, unless empty.", "appendTrailingCharIfAbsent('a', '/')", "a/"),
	FUNCTION_ROW("ascii", NULL, CH_NOCASE, "S", "Int32", NULL, exec_ascii, "Code of the first byte.", "ascii('A')", "65"),
	FUNCTION_ROW("ascii", NULL, FUNCTION_PG, "S", "Int32", NULL, exec_ascii, "Code point of the first character.",
	             "ascii('é')", "233"),
	FUNCTION_ROW("char", NULL, CH_NOCASE, "J+", "String", NULL, exec_char, "The string of these bytes.", "char(72, 105)",
	             "Hi"),
	FUNCTION_ROW("isValidUTF8", NULL, FUNCTION_CH, "S", "UInt8", NULL, exec_valid_utf8,
	             "Whether the bytes are well-formed UTF-8.", "isValidUTF8('é')", "1"),
	FUNCTION_ROW("toValidUTF8", NULL, FUNCTION_CH, "S", "String", NULL, exec_to_valid,
	             "Ill-formed bytes replaced by U+FFFD.", "toValidUTF8('a\\xffb')", "a\xef\xbf\xbd" "b"),
	FUNCTION_ROW("toStringCutToZero", NULL, FUNCTION_CH, "S", "String", NULL, exec_cut_to_zero,
	             "The bytes before the first zero.", "toStringCutToZero('ab\\0c')", "ab"),
};

FUNCTION_FAMILY(str_basic, "Strings");
