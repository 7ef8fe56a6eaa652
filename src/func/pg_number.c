// SPDX-License-Identifier: Apache-2.0
/* to_char() of numbers and to_number(). */
#include <assert.h>
#include <math.h>

#include "column/numeric.h"
#include "func/str_impl.h"

enum sign_place { SIGN_PLAIN, SIGN_BEFORE, SIGN_AFTER, SIGN_OWN, SIGN_BRACKETS };
enum { ROMAN_WIDTH = 15, TEMPLATE_DIGITS_MAX = 1000 };

/* What a template asks for as a whole; its characters are then walked again. */
struct number_template {
	struct str text;
	unsigned before, after, shift;   /* digits before the point, behind it, behind V */
	unsigned first_zero;             /* place of the first 0 before the point, from 0; UINT_MAX: none */
	unsigned last_zero_after;        /* digits behind the point up to the last 0 */
	bool fill, point, scientific, roman, small_roman;
	enum sign_place sign;
};

enum item { ITEM_TEXT, ITEM_NINE, ITEM_ZERO, ITEM_POINT, ITEM_GROUP, ITEM_S, ITEM_MI, ITEM_PL, ITEM_SG, ITEM_PR, ITEM_L,
           ITEM_V, ITEM_TH, ITEM_FM, ITEM_RN, ITEM_EEEE };

static const struct {
	const char *text;
	enum item item;
} words[] = {{"EEEE", ITEM_EEEE}, {"FM", ITEM_FM}, {"MI", ITEM_MI}, {"PL", ITEM_PL}, {"PR", ITEM_PR}, {"RN", ITEM_RN},
             {"SG", ITEM_SG}, {"TH", ITEM_TH}, {"S", ITEM_S}, {"L", ITEM_L}, {"V", ITEM_V}, {"D", ITEM_POINT},
             {"G", ITEM_GROUP}, {".", ITEM_POINT}, {",", ITEM_GROUP}, {"9", ITEM_NINE}, {"0", ITEM_ZERO}};

/* The item at *i, behind which *i moves. Quoted text comes character by character. */
static enum item next_item(struct str s, size_t *i, bool *quoted, char *text)
{
	while (*i < s.size && s.data[*i] == '"') {
		*quoted = !*quoted;
		++*i;
	}
	if (*i >= s.size) {
		*text = '\0';
		return ITEM_TEXT;
	}
	*text = s.data[*i];
	for (size_t k = 0; k < ARRAY_COUNT(words) && !*quoted; k++)
		if (str_starts_with_nocase(str_make(s.data + *i, s.size - *i), str_of(words[k].text))) {
			*i += strlen(words[k].text);
			return words[k].item;
		}
	++*i;
	return ITEM_TEXT;
}

static enum status read_template(struct str s, struct number_template *t, struct error *err)
{
	bool quoted = false, shifting = false, brackets = false;
	char text;
	*t = (struct number_template){.text = s, .first_zero = UINT32_MAX};
	for (size_t i = 0; i < s.size;) {
		size_t start = i;
		switch (next_item(s, &i, &quoted, &text)) {
		case ITEM_ZERO:
		case ITEM_NINE: {
			bool zero = s.data[i - 1] == '0';
			if (brackets)
				return ERR(err, E_SYNTAX, "\"%c\" must be ahead of \"PR\"", s.data[i - 1]);
			if (t->point) {
				t->after++;
				if (zero)
					t->last_zero_after = t->after;
			} else {
				if (zero && t->first_zero == UINT32_MAX)
					t->first_zero = t->before;
				t->before++;
				t->shift += shifting;
			}
			break;
		}
		case ITEM_POINT:
			if (t->point)
				return ERR(err, E_SYNTAX, "multiple decimal points");
			if (shifting)
				return ERR(err, E_SYNTAX, "cannot use \"V\" and decimal point together");
			t->point = true;
			break;
		case ITEM_V:
			if (t->point)
				return ERR(err, E_SYNTAX, "cannot use \"V\" and decimal point together");
			shifting = true;
			break;
		case ITEM_S: t->sign = t->before + t->after == 0 ? SIGN_BEFORE : SIGN_AFTER; break;
		case ITEM_MI:
		case ITEM_SG: t->sign = SIGN_OWN; break;
		case ITEM_PR: t->sign = SIGN_BRACKETS; brackets = true; break;
		case ITEM_FM: t->fill = true; break;
		case ITEM_RN: t->roman = true; t->small_roman = s.data[start] == 'r'; break;
		case ITEM_EEEE: t->scientific = true; break;
		default: break;
		}
		if (t->before + t->after > TEMPLATE_DIGITS_MAX)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "a number template of more than %d digits", TEMPLATE_DIGITS_MAX);
	}
	return OK;
}

/* ---- writing ---- */

struct writing {
	const struct number_template *t;
	struct strbuf *to;
	struct str whole, part;     /* digits before the point without leading zeros, behind it */
	bool negative, overflow, started, special;
	size_t first;               /* where the first character of the number stands in `to` */
	unsigned place, behind;     /* placeholders walked */
};

static void start_here(struct writing *w)
{
	if (!w->started)
		w->first = w->to->size;
	w->started = true;
}

static void put_whole(struct writing *w)
{
	const struct number_template *t = w->t;
	unsigned k = w->place++, from_right = t->before - k;
	if (w->overflow) {
		start_here(w);
		strbuf_putc(w->to, '#');
		return;
	}
	bool last_alone = from_right == 1 && (!t->point || (t->fill && t->last_zero_after == 0 && w->part.size == 0));
	if (from_right <= w->whole.size) {
		start_here(w);
		strbuf_putc(w->to, w->whole.data[w->whole.size - from_right]);
	} else if (k >= t->first_zero || last_alone) {
		start_here(w);
		strbuf_putc(w->to, '0');
	} else if (!t->fill) {
		strbuf_putc(w->to, ' ');
	}
}

static void put_behind(struct writing *w)
{
	unsigned k = w->behind++;
	if (w->overflow)
		strbuf_putc(w->to, '#');
	else if (k < w->part.size)
		strbuf_putc(w->to, w->part.data[k]);
}

static void put_sign_item(struct writing *w, enum item item)
{
	const struct number_template *t = w->t;
	bool quiet = t->fill;
	if (item == ITEM_SG)
		strbuf_putc(w->to, w->negative ? '-' : '+');
	else if (item == ITEM_MI && (w->negative || !quiet))
		strbuf_putc(w->to, w->negative ? '-' : ' ');
	else if (item == ITEM_PL && (!w->negative || !quiet))
		strbuf_putc(w->to, w->negative ? ' ' : '+');
	else if (item == ITEM_S && t->sign == SIGN_AFTER)
		strbuf_putc(w->to, w->negative ? '-' : '+');
	else if (item == ITEM_PR && (w->negative || !quiet))
		strbuf_putc(w->to, w->negative ? '>' : ' ');
}

/* The sign stands right before the number: it is put there once the number is known. */
static void place_sign(struct writing *w)
{
	const struct number_template *t = w->t;
	char sign = w->negative ? '-' : ' ';
	if (t->sign == SIGN_AFTER || t->sign == SIGN_OWN)
		return;
	if (t->sign == SIGN_BEFORE)
		sign = w->negative ? '-' : '+';
	else if (t->sign == SIGN_BRACKETS)
		sign = w->negative ? '<' : ' ';
	if ((sign == ' ' && t->fill) || !w->started || !strbuf_reserve(w->to, 1))
		return;
	memmove(w->to->data + w->first + 1, w->to->data + w->first, w->to->size - w->first);
	w->to->data[w->first] = sign;
	w->to->size++;
}

static void put_ending(struct writing *w, bool upper)
{
	static const char *const endings[] = {"th", "st", "nd", "rd"};
	struct str d = w->whole;
	if (w->negative || w->t->point)
		return;
	char last = d.size == 0 ? '0' : d.data[d.size - 1];
	bool teen = d.size > 1 && d.data[d.size - 2] == '1';
	const char *ending = endings[teen || last > '3' ? 0 : last - '0'];
	for (; *ending != '\0'; ending++)
		strbuf_putc(w->to, upper ? ascii_upper(*ending) : *ending);
}

static void put_items(struct writing *w)
{
	struct str s = w->t->text;
	bool quoted = false;
	char text;
	for (size_t i = 0; i < s.size;) {
		size_t start = i;
		enum item item = next_item(s, &i, &quoted, &text);
		switch (item) {
		case ITEM_NINE:
		case ITEM_ZERO:
			if (w->place < w->t->before)
				put_whole(w);
			else
				put_behind(w);
			break;
		case ITEM_POINT:
			start_here(w);
			if (!w->t->fill || w->t->after != 0)
				strbuf_putc(w->to, '.');
			break;
		case ITEM_GROUP:
			if (w->started)
				strbuf_putc(w->to, ',');
			else if (!w->t->fill)
				strbuf_putc(w->to, ' ');
			break;
		case ITEM_L: strbuf_putc(w->to, ' '); break;
		case ITEM_TH: put_ending(w, s.data[start] == 'T'); break;
		case ITEM_TEXT:
			if (text != '\0')
				strbuf_putc(w->to, text);
			break;
		default: put_sign_item(w, item); break;
		}
	}
	place_sign(w);
}

static void put_roman(struct strbuf *to, const struct number_template *t, const struct numeric *n)
{
	static const struct {
		int value;
		const char *text;
	} parts[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"},
	             {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}};
	int64_t v;
	char text[ROMAN_WIDTH + 1];
	size_t size = 0;
	if (!numeric_to_i64(n, &v) || v < 1 || v > 3999) {
		strbuf_putz(to, "###############");
		return;
	}
	for (size_t i = 0; i < ARRAY_COUNT(parts); i++)
		for (; v >= parts[i].value; v -= parts[i].value)
			for (const char *p = parts[i].text; *p != '\0'; p++)
				text[size++] = t->small_roman ? ascii_lower(*p) : *p;
	for (size_t i = size; i < ROMAN_WIDTH && !t->fill; i++)
		strbuf_putc(to, ' ');
	strbuf_put(to, text, size);
}

static void put_scientific(struct strbuf *to, const struct number_template *t, double v)
{
	if (v >= 0)
		strbuf_putc(to, ' ');
	if (isfinite(v))
		strbuf_printf(to, "%.*e", (int)t->after, v);
	else
		strbuf_printf(to, "%.*s", (int)(t->after + 6), "##############################");
}

static enum status write_number(struct strbuf *to, const struct number_template *t, struct numeric *n,
                                struct strbuf *digits, struct error *err)
{
	struct writing w = {.t = t, .to = to};
	if (t->roman) {
		put_roman(to, t, n);
		return OK;
	}
	if (t->scientific) {
		put_scientific(to, t, numeric_to_double(n));
		return OK;
	}
	strbuf_clear(digits);
	for (unsigned i = 0; i < t->shift && !numeric_is_special(n); i++) {
		struct numeric ten;
		numeric_init(&ten);
		enum status s = numeric_from_i128(&ten, 10, 0, err);
		if (s == OK)
			s = numeric_mul(n, &ten, n, err);
		numeric_fini(&ten);
		TRY(s);
	}
	if (!numeric_is_special(n))
		TRY(numeric_round(n, (int)t->after, err));
	w.negative = n->sign == NUMERIC_NEGATIVE || n->sign == NUMERIC_MINUS_INFINITY;
	numeric_abs(n);
	numeric_format(n, digits);
	TRY(strbuf_status(digits, err));
	struct str s = strbuf_str(digits);
	ptrdiff_t point = str_find_char(s, '.');
	w.whole = point < 0 ? s : str_make(s.data, (size_t)point);
	w.part = point < 0 ? STR("") : str_make(s.data + point + 1, s.size - (size_t)point - 1);
	while (w.whole.size != 0 && w.whole.data[0] == '0')
		w.whole = str_make(w.whole.data + 1, w.whole.size - 1);
	while (t->fill && w.part.size > t->last_zero_after && w.part.data[w.part.size - 1] == '0')
		w.part.size--;
	w.overflow = w.whole.size > t->before;
	if (numeric_is_special(n) && numeric_is_nan(n) && t->before >= 3) {
		w.whole = STR("NaN");
		w.overflow = false;
	}
	put_items(&w);
	return OK;
}

static enum status exec_to_char(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct str_arg numbers = str_arg(args[0]), texts = str_arg(args[1]);
	struct number_template t = {0};
	struct strbuf digits;
	struct numeric n;
	struct strings o;
	enum status s = OK;
	bool known = false;
	numeric_init(&n);
	strbuf_init(&digits, e->track);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str text = str_arg_at(&texts, i);
		strings_end(&o, i);
		if (eval_skips(e, i))
			continue;
		if (!known || !str_eq(text, t.text))
			s = read_template(text, &t, e->err);
		known = true;
		if (s == OK)
			s = numeric_decode(&n, str_arg_at(&numbers, i), e->err);
		if (s == OK)
			s = write_number(&o.text, &t, &n, &digits, e->err);
		strings_end(&o, i);
	}
	strbuf_fini(&digits);
	numeric_fini(&n);
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_to_char(struct bind_env *env, struct call *c)
{
	if (!type_is_number(c->arg_types[0]) || c->arg_types[0]->id == TYPE_BOOL)
		return call_bad_type(env, c, 0);
	if (c->arg_types[0]->id != TYPE_NUMERIC)
		c->arg_types[0] = type_simple(TYPE_NUMERIC);
	return OK;
}

/* ---- to_number ---- */

/* The digits of a text where the template has places for them. */
static void pick_digits(struct str s, const struct number_template *t, struct strbuf *to)
{
	bool quoted = false, negative = false, point = false;
	char text;
	size_t at = 0;
	struct strbuf digits;
	strbuf_init(&digits, NULL);
	for (size_t i = 0; i < t->text.size && at < s.size;) {
		enum item item = next_item(t->text, &i, &quoted, &text);
		while (at < s.size && s.data[at] == ' ' && item != ITEM_TEXT)
			at++;
		if (at >= s.size)
			break;
		char ch = s.data[at];
		if ((ch == '-' || ch == '+' || ch == '<') && item != ITEM_TEXT && item != ITEM_GROUP && digits.size == 0) {
			negative = ch != '+';
			at++;
			ch = at < s.size ? s.data[at] : '\0';
		}
		switch (item) {
		case ITEM_NINE:
		case ITEM_ZERO:
			if (ch >= '0' && ch <= '9') {
				strbuf_putc(&digits, ch);
				at++;
			} else if (ch == '.' && !point) {
				strbuf_putc(&digits, ch);
				point = true;
				at++;
			}
			break;
		case ITEM_POINT:
			if (ch == '.' && !point) {
				strbuf_putc(&digits, ch);
				point = true;
				at++;
			}
			break;
		case ITEM_GROUP:
			at += ch == ',';
			break;
		case ITEM_S:
		case ITEM_MI:
		case ITEM_SG:
		case ITEM_PL:
		case ITEM_PR:
			negative |= ch == '-' || ch == '>';
			at += ch == '-' || ch == '+' || ch == '>';
			break;
		case ITEM_FM: break;
		case ITEM_L: at += !(ch >= '0' && ch <= '9'); break;
		default: at++; break;
		}
	}
	if (negative)
		strbuf_putc(to, '-');
	strbuf_puts(to, strbuf_str(&digits));
	strbuf_fini(&digits);
}

static enum status exec_to_number(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct str_arg values = str_arg(args[0]), texts = str_arg(args[1]);
	struct number_template t = {0};
	struct strbuf picked;
	struct numeric n;
	struct strings o;
	enum status s = OK;
	bool known = false;
	numeric_init(&n);
	strbuf_init(&picked, e->track);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str text = str_arg_at(&texts, i);
		if (!eval_skips(e, i)) {
			if (!known || !str_eq(text, t.text))
				s = read_template(text, &t, e->err);
			known = true;
			strbuf_clear(&picked);
			pick_digits(str_arg_at(&values, i), &t, &picked);
			if (s == OK)
				s = numeric_parse(&n, strbuf_str(&picked), e->err);
			if (s == OK)
				numeric_encode(&n, &o.text);
		}
		strings_end(&o, i);
	}
	strbuf_fini(&picked);
	numeric_fini(&n);
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_to_number(struct bind_env *env, struct call *c)
{
	c->result = type_simple(TYPE_NUMERIC);
	return OK;
}

static const struct function rows[] = {
	FUNCTION_ROW("to_char", NULL, FUNCTION_PG, "*T", "String", bind_to_char, exec_to_char,
	             "A number as text by a template.", "to_char(-125.8, '999D99S')", "125.80-"),
	FUNCTION_ROW("to_number", NULL, FUNCTION_PG, "TT", NULL, bind_to_number, exec_to_number,
	             "A number from text by a template.", "to_number('12,454.8-', '99G999D9S')", "-12454.8"),
};

FUNCTION_FAMILY(pg_number, "PostgreSQL: numbers by templates");
