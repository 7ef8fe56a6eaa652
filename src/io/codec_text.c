// SPDX-License-Identifier: Apache-2.0
/* The spelling of codecs: CODEC(Delta(8), LZ4) to a chain, checked as ClickHouse checks it, and back. */
#include <assert.h>

#include "io/codec_impl.h"

static const uint8_t arguments_max[CODEC_COUNT] = {
#define CODEC_ROW(name, spelling, method, generic, compresses, arguments, description) [CODEC_##name] = arguments,
#include "io/codecs.def"
#undef CODEC_ROW
};

/* ---- reading ---- */

struct cursor {
	struct str text;
	size_t at;
};

struct argument {
	bool is_text;
	struct str text;
	uint64_t number;
};

static void skip_space(struct cursor *c)
{
	while (c->at < c->text.size && strchr(" \t\r\n", c->text.data[c->at]) != NULL)
		c->at++;
}

static bool accept(struct cursor *c, char wanted)
{
	skip_space(c);
	if (c->at == c->text.size || c->text.data[c->at] != wanted)
		return false;
	c->at++;
	return true;
}

static bool is_word_char(char ch)
{
	return (ascii_lower(ch) >= 'a' && ascii_lower(ch) <= 'z') || (ch >= '0' && ch <= '9') || ch == '_';
}

static struct str take_word(struct cursor *c)
{
	skip_space(c);
	size_t from = c->at;
	while (c->at < c->text.size && is_word_char(c->text.data[c->at]))
		c->at++;
	return str_make(c->text.data + from, c->at - from);
}

static enum status bad_syntax(const struct cursor *c, struct error *err)
{
	return ERR(err, E_SYNTAX, "cannot parse codec list '%.*s' at byte %zu", STR_ARG(c->text), c->at + 1);
}

static enum status take_argument(struct cursor *c, struct argument *out, struct error *err)
{
	*out = (struct argument){0};
	if (accept(c, '\'')) {
		size_t from = c->at;
		while (c->at < c->text.size && c->text.data[c->at] != '\'')
			c->at++;
		out->is_text = true;
		out->text = str_make(c->text.data + from, c->at - from);
		return accept(c, '\'') ? OK : bad_syntax(c, err);
	}
	struct str word = take_word(c);
	if (!str_to_u64(word, &out->number))
		return bad_syntax(c, err);
	return OK;
}

static enum status take_arguments(struct cursor *c, struct argument *args, unsigned *count, struct error *err)
{
	*count = 0;
	if (!accept(c, '('))
		return OK;
	if (accept(c, ')'))
		return OK;
	do {
		if (*count == 2)
			return bad_syntax(c, err);
		TRY(take_argument(c, &args[(*count)++], err));
	} while (accept(c, ','));
	return accept(c, ')') ? OK : bad_syntax(c, err);
}

/* ---- one codec ---- */

static bool is_series_width(uint64_t width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

/* Delta, DoubleDelta, Gorilla: a width of 1, 2, 4 or 8, said or the type's. */
static enum status set_series_width(const char *name, const struct argument *args, unsigned count,
                                    struct codec_value value,
                                    struct codec *out, struct error *err)
{
	if (count == 1) {
		if (args[0].is_text || !is_series_width(args[0].number))
			return ERR(err, E_BAD_ARGUMENTS, "argument of codec %s can be 1, 2, 4 or 8", name);
		out->width = (uint8_t)args[0].number;
		return OK;
	}
	if (value.width == 0)
		return ERR(err, E_BAD_ARGUMENTS, "Codec %s is not applicable because the data type is not of fixed size", name);
	if (!is_series_width(value.width))
		return ERR(err, E_BAD_ARGUMENTS, "Codec %s is only applicable for data types of size 1, 2, 4, 8 bytes, not %u", name,
		           value.width);
	out->width = value.width;
	return OK;
}

static enum status set_level(const char *name, const struct argument *a, uint64_t min, uint64_t max, struct codec *out,
                             struct error *err)
{
	if (a->is_text || a->number < min || a->number > max)
		return ERR(err, E_BAD_ARGUMENTS, "Codec %s level must be between %llu and %llu", name, (unsigned long long)min,
		           (unsigned long long)max);
	out->level = (uint8_t)a->number;
	return OK;
}

static enum status set_zstd(const struct argument *args, unsigned count, struct codec *out, struct error *err)
{
	out->level = 1;
	if (count > 0)
		TRY(set_level("ZSTD", &args[0], 0, 22, out, err));
	if (count < 2)
		return OK;
	if (args[1].is_text || (args[1].number != 0 && (args[1].number < 10 || args[1].number > 31)))
		return ERR(err, E_BAD_ARGUMENTS, "ZSTD codec can't have window log more than 31 and lower than 10");
	out->window_log = (uint8_t)args[1].number;
	return OK;
}

static enum status set_fpc(const struct argument *args, unsigned count, struct codec_value value, struct codec *out,
                           struct error *err)
{
	if (value.kind != CODEC_VALUE_FLOAT || (value.width != 4 && value.width != 8))
		return ERR(err, E_BAD_ARGUMENTS, "Codec 'FPC' is not applicable because the data type is not Float*");
	out->level = 12;
	out->width = value.width;
	if (count > 0)
		TRY(set_level("FPC", &args[0], 1, 28, out, err));
	if (count < 2)
		return OK;
	if (args[1].is_text || (args[1].number != 4 && args[1].number != 8))
		return ERR(err, E_BAD_ARGUMENTS, "Float size for codec 'FPC' can be 4 or 8");
	out->width = (uint8_t)args[1].number;
	return OK;
}

static enum status set_t64(const struct argument *args, unsigned count, struct codec_value value, struct codec *out,
                           struct error *err)
{
	out->value = (uint8_t)codec_t64_value(value);
	out->width = value.width;
	if (out->value == 0)
		return ERR(err, E_BAD_ARGUMENTS, "T64 codec is not supported for this data type");
	if (count == 0)
		return OK;
	out->bit = args[0].is_text && str_eq(args[0].text, STR("bit"));
	if (!out->bit && !(args[0].is_text && str_eq(args[0].text, STR("byte"))))
		return ERR(err, E_BAD_ARGUMENTS, "Wrong modification for T64. Expected: 'bit', 'byte'");
	return OK;
}

static enum status set_gcd(struct codec_value value, struct codec *out, struct error *err)
{
	static const bool fits[] = {
		[CODEC_VALUE_UINT] = true,     [CODEC_VALUE_INT] = true,        [CODEC_VALUE_DATE] = true,
		[CODEC_VALUE_DATE32] = true,   [CODEC_VALUE_DATETIME] = true,   [CODEC_VALUE_DATETIME64] = true,
		[CODEC_VALUE_DECIMAL] = true,  [CODEC_VALUE_TIME64] = false,
	};
	if (!fits[value.kind])
		return ERR(err, E_BAD_ARGUMENTS,
		           "Codec GCD can only be used with Int*, UInt*, Decimal*, Date* or DateTime* types");
	assert(value.width != 0 && (value.width & (value.width - 1)) == 0 && value.width <= 32);
	out->width = value.width;
	return OK;
}

static enum status set_codec(enum codec_kind kind, const struct argument *args, unsigned count,
                             struct codec_value value,
                             struct codec *out, struct error *err)
{
	const char *name = codec_info(kind)->name;
	*out = (struct codec){.kind = (uint8_t)kind};
	if (count > arguments_max[kind])
		return ERR(err, E_BAD_ARGUMENTS, "Compression codec %s takes at most %u arguments, given %u", name,
		           arguments_max[kind], count);
	switch (kind) {
	case CODEC_DELTA:
	case CODEC_DOUBLE_DELTA:
	case CODEC_GORILLA:
		return set_series_width(name, args, count, value, out, err);
	case CODEC_LZ4HC:
		return count > 0 ? set_level(name, &args[0], 0, 255, out, err) : OK;
	case CODEC_ZSTD:
		return set_zstd(args, count, out, err);
	case CODEC_FPC:
		return set_fpc(args, count, value, out, err);
	case CODEC_T64:
		return set_t64(args, count, value, out, err);
	case CODEC_GCD:
		return set_gcd(value, out, err);
	default:
		return OK;
	}
}

static enum status parse_step(struct cursor *c, struct codec_value value, struct codec *out, struct error *err)
{
	struct argument args[2];
	unsigned count;
	struct str name = take_word(c);
	if (name.size == 0)
		return bad_syntax(c, err);
	TRY(take_arguments(c, args, &count, err));
	if (str_eq_nocase(name, STR("Default"))) {
		*out = (struct codec){.kind = CODEC_DEFAULT};
		return count == 0 ? OK : ERR(err, E_BAD_ARGUMENTS, "Default codec cannot have any arguments");
	}
	for (unsigned k = 0; k < CODEC_COUNT; k++)
		if (str_eq_nocase(name, str_of(codec_info(k)->name)))
			return set_codec(k, args, count, value, out, err);
	static const char *const known[] = {"AES_128_GCM_SIV", "AES_256_GCM_SIV", "ALP", "ZXC", "Quantized",
	                                    "DEFLATE_QPL", "ZSTD_QAT", "SZ3"};
	for (size_t k = 0; k < ARRAY_COUNT(known); k++)
		if (str_eq_nocase(name, str_of(known[k])))
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: codec %s", known[k]);
	return ERR(err, E_UNKNOWN_CODEC, "Unknown codec family: %.*s", STR_ARG(name));
}

/* ---- chains ---- */

static enum status meaningless(const struct codec_chain *chain, const char *why, struct error *err)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	codec_chain_print(chain, &text);
	enum status s = ERR(err, E_BAD_ARGUMENTS, "The combination of compression codecs %s is meaningless: %s",
	                    strbuf_cstr(&text), why);
	error_hint(err, "The setting allow_suspicious_codecs skips this check.");
	strbuf_fini(&text);
	return s;
}

static bool is_float_series(unsigned kind)
{
	return kind == CODEC_GORILLA || kind == CODEC_FPC;
}

/* The same rules as ClickHouse's sanity check, in the same order. */
static enum status check_sense(const struct codec_chain *chain, struct codec_value value, struct error *err)
{
	bool compresses = false, none = false, float_series = false, delta_before_float = false, delta = false;
	unsigned first_generic = chain->count;
	for (unsigned i = 0; i < chain->count; i++) {
		unsigned kind = chain->steps[i].kind;
		bool is_default = kind == CODEC_DEFAULT;
		compresses |= is_default || codec_info(kind)->compresses;
		none |= kind == CODEC_NONE;
		if (kind != CODEC_NONE && (is_default || codec_info(kind)->generic) && first_generic == chain->count)
			first_generic = i;
		float_series |= is_float_series(kind);
		delta_before_float |= delta && is_float_series(kind);
		delta |= kind == CODEC_DELTA;
	}
	if (chain->count > 1 && none)
		return meaningless(chain, "NONE makes no sense along with other codecs", err);
	if (!compresses && !none)
		return meaningless(chain, "it does not compress anything; add a generic codec such as LZ4 at the end", err);
	if (float_series && value.kind != CODEC_VALUE_FLOAT)
		return meaningless(chain, "a floating-point time series codec on a column that is not floating-point", err);
	if (delta_before_float)
		return meaningless(chain, "floating-point time series codecs make differences by themselves", err);
	if (first_generic + 1 < chain->count)
		return meaningless(chain, "a transformation after a generic compression makes no sense", err);
	return OK;
}

enum status codec_chain_parse(struct str text, struct codec_value value, bool suspicious, struct codec_chain *out,
                              struct error *err)
{
	struct cursor c = {.text = text};
	*out = (struct codec_chain){0};
	bool wrapped = str_eq_nocase(take_word(&c), STR("CODEC")) && accept(&c, '(');
	if (!wrapped)
		c.at = 0;
	do {
		if (out->count == CODEC_STEPS_MAX)
			return ERR(err, E_BAD_ARGUMENTS, "more than %d codecs in '%.*s'", CODEC_STEPS_MAX, STR_ARG(text));
		TRY(parse_step(&c, value, &out->steps[out->count++], err));
	} while (accept(&c, ','));
	if (wrapped && !accept(&c, ')'))
		return bad_syntax(&c, err);
	skip_space(&c);
	if (c.at != text.size)
		return bad_syntax(&c, err);
	if (!suspicious)
		TRY(check_sense(out, value, err));
	if (out->count == 1 && out->steps[0].kind == CODEC_DEFAULT)
		*out = (struct codec_chain){0};
	return OK;
}

void codec_chain_print(const struct codec_chain *chain, struct strbuf *out)
{
	if (chain->count == 0)
		strbuf_putz(out, "Default");
	for (unsigned i = 0; i < chain->count; i++) {
		const struct codec *c = &chain->steps[i];
		if (i > 0)
			strbuf_putz(out, ", ");
		strbuf_putz(out, c->kind == CODEC_DEFAULT ? "Default" : codec_info(c->kind)->name);
		switch (c->kind) {
		case CODEC_DELTA:
		case CODEC_GORILLA:
			strbuf_printf(out, "(%u)", c->width);
			break;
		case CODEC_LZ4HC:
		case CODEC_FPC:
			strbuf_printf(out, "(%u)", c->level);
			break;
		case CODEC_ZSTD:
			if (c->window_log != 0)
				strbuf_printf(out, "(%u, %u)", c->level, c->window_log);
			else
				strbuf_printf(out, "(%u)", c->level);
			break;
		case CODEC_T64:
			if (c->bit)
				strbuf_putz(out, "('bit')");
			break;
		default:
			break;
		}
	}
}

bool codec_chain_equal(const struct codec_chain *a, const struct codec_chain *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		const struct codec *x = &a->steps[i], *y = &b->steps[i];
		if (x->kind != y->kind || x->width != y->width || x->level != y->level || x->window_log != y->window_log ||
		    x->value != y->value || x->bit != y->bit)
			return false;
	}
	return true;
}

static void append(struct codec_chain *to, const struct codec_chain *from)
{
	for (unsigned i = 0; i < from->count && to->count < CODEC_STEPS_MAX; i++)
		to->steps[to->count++] = from->steps[i];
}

struct codec_chain codec_chain_resolve(const struct codec_chain *chain, const struct codec_chain *fallback)
{
	assert(fallback->count > 0);
	if (chain->count == 0)
		return *fallback;
	struct codec_chain r = {0};
	for (unsigned i = 0; i < chain->count; i++) {
		struct codec_chain one = {.count = 1, .steps = {chain->steps[i]}};
		append(&r, chain->steps[i].kind == CODEC_DEFAULT ? fallback : &one);
	}
	return r;
}

struct codec_chain codec_chain_generic(const struct codec_chain *chain, const struct codec_chain *fallback)
{
	struct codec_chain all = codec_chain_resolve(chain, fallback), r = {0};
	for (unsigned i = 0; i < all.count; i++)
		if (codec_info(all.steps[i].kind)->generic)
			r.steps[r.count++] = all.steps[i];
	return r.count > 0 ? r : *fallback;
}
