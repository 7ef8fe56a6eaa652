// SPDX-License-Identifier: Apache-2.0
/* Numeric: every operation digit for digit as PostgreSQL 15 answered. */
#include "column/numeric.h"
#include "column/type.h"
#include "regress/unit/tap.h"

struct pair {
	const char *a, *b, *sum, *difference, *product, *quotient, *rest, *whole;
	int order;
};

static const struct pair pairs[] = {
#define PAIR_ROW(...) {__VA_ARGS__},
#include "regress/unit/column/numeric_cases.def"
#undef PAIR_ROW
};

static const struct {
	const char *a;
	int scale;
	const char *rounded, *cut, *floor, *ceil, *trimmed;
} roundings[] = {
#define ROUND_ROW(...) {__VA_ARGS__},
#include "regress/unit/column/numeric_cases.def"
#undef ROUND_ROW
};

typedef enum status (*operation)(const struct numeric *, const struct numeric *, struct numeric *, struct error *);

static void set(struct numeric *n, const char *text)
{
	if (numeric_parse(n, str_of(text), NULL) != OK)
		ok(false, "'%s' is read", text);
}

/* Whether n prints so, also after a walk over the wire. */
static bool prints(const struct numeric *n, const char *want)
{
	struct strbuf text, wire;
	struct numeric again;
	strbuf_init(&text, NULL);
	strbuf_init(&wire, NULL);
	numeric_init(&again);
	numeric_encode(n, &wire);
	bool same = numeric_decode(&again, strbuf_str(&wire), NULL) == OK && numeric_compare(n, &again) == 0;
	numeric_format(&again, &text);
	same = same && str_eq(strbuf_str(&text), str_of(want));
	if (!same)
		printf("# got %s want %s\n", strbuf_cstr(&text), want);
	strbuf_fini(&text);
	strbuf_fini(&wire);
	numeric_fini(&again);
	return same;
}

static void one(const struct pair *p, operation op, const char *name, const char *want)
{
	struct numeric a, b, r;
	numeric_init(&a);
	numeric_init(&b);
	numeric_init(&r);
	bool read = numeric_parse(&a, str_of(p->a), NULL) == OK && numeric_parse(&b, str_of(p->b), NULL) == OK;
	enum status s = op(&a, &b, &r, NULL);
	bool good = strcmp(want, "x") == 0 ? s == E_DIVISION_BY_ZERO : s == OK && prints(&r, want);
	if (s == OK) { /* in place */
		good = good && op(&a, &b, &a, NULL) == OK && prints(&a, want);
	}
	ok(read && good, "%s %s %s", p->a, name, p->b);
	numeric_fini(&a);
	numeric_fini(&b);
	numeric_fini(&r);
}

static void order(const struct pair *p)
{
	struct strbuf x, y;
	struct numeric n;
	strbuf_init(&x, NULL);
	strbuf_init(&y, NULL);
	numeric_init(&n);
	if (numeric_parse(&n, str_of(p->a), NULL) == OK)
		numeric_encode(&n, &x);
	if (numeric_parse(&n, str_of(p->b), NULL) == OK)
		numeric_encode(&n, &y);
	is_int(numeric_compare_wire(strbuf_str(&x), strbuf_str(&y)), p->order, "order");
	if (p->order == 0)
		ok(numeric_hash_wire(strbuf_str(&x)) == numeric_hash_wire(strbuf_str(&y)), "%s and %s hash alike", p->a, p->b);
	strbuf_fini(&x);
	strbuf_fini(&y);
	numeric_fini(&n);
}

static void texts(void)
{
	static const char *const cases[][2] = {
		{" 12 ", "12"}, {"+5", "5"}, {"-0", "0"}, {".5", "0.5"}, {"5.", "5"}, {"1e3", "1000"}, {"1.5e-3", "0.0015"},
		{"1E+2", "100"}, {"nan", "NaN"}, {"+inf", "Infinity"}, {"-Infinity", "-Infinity"}, {"0.0e5", "0"},
		{"0.00e1", "0.0"}, {"00012.300", "12.300"},
		{"12345678901234567890123456789012345678901234567890", "12345678901234567890123456789012345678901234567890"},
		{"e5", NULL}, {"", NULL}, {".", NULL}, {"1.2.3", NULL}, {"-nan", NULL}, {"1e", NULL}, {"1 2", NULL},
		{"1e131072", NULL}, {"1e-16384", NULL}, {"1e999999999999", NULL},
	};
	struct numeric n;
	numeric_init(&n);
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		enum status s = numeric_parse(&n, str_of(cases[i][0]), NULL);
		ok(cases[i][1] == NULL ? s != OK : s == OK && prints(&n, cases[i][1]), "'%s'", cases[i][0]);
	}
	ok(numeric_parse(&n, STR("1e131071"), NULL) == OK && numeric_parse(&n, STR("1e-16383"), NULL) == OK, "the limits");
	numeric_fini(&n);
}

static void conversions(void)
{
	struct numeric n;
	i256 wide;
	i128 v;
	int64_t small;
	numeric_init(&n);
	ok(numeric_from_i128(&n, -123456789, 4, NULL) == OK && prints(&n, "-12345.6789"), "a Decimal64");
	ok(numeric_from_i128(&n, 5, 3, NULL) == OK && prints(&n, "0.005"), "a small one");
	ok(numeric_from_i128(&n, (i128)((u128)1 << 127), 0, NULL) == OK &&
	   prints(&n, "-170141183460469231731687303715884105728"), "the least Int128");
	ok(numeric_to_i128(&n, &v) && v == (i128)((u128)1 << 127), "and back");
	numeric_negate(&n);
	ok(!numeric_to_i128(&n, &v), "its negative does not fit");
	ok(numeric_from_i256(&n, pow10_i256(75), 38, NULL) == OK &&
	   prints(&n, "10000000000000000000000000000000000000.00000000000000000000000000000000000000"), "10^37 with scale 38");
	ok(numeric_to_i256(&n, 38, &wide) && i256_compare(wide, pow10_i256(75)) == 0, "and back");
	ok(numeric_from_i256(&n, u256_negate(pow10_i256(76)), 37, NULL) == OK && numeric_to_i256(&n, 37, &wide) &&
	   i256_compare(wide, u256_negate(pow10_i256(76))) == 0, "-10^39 with scale 37");
	set(&n, "9223372036854775807.5");
	ok(!numeric_to_i64(&n, &small), "rounds out of range");
	set(&n, "-9223372036854775808.4");
	ok(numeric_to_i64(&n, &small) && small == INT64_MIN, "rounds into it");
	set(&n, "1.005");
	ok(numeric_to_i256(&n, 2, &wide) && wide.limb[0] == 101, "half away from zero");
	set(&n, "0.00049");
	ok(numeric_to_i256(&n, 3, &wide) && wide.limb[0] == 0, "down");
	ok(numeric_from_double(&n, 0.1 + 0.2, NULL) == OK && prints(&n, "0.3"), "15 digits of a double");
	ok(numeric_from_float(&n, 1.1f, NULL) == OK && prints(&n, "1.1"), "6 digits of a float");
	set(&n, "1234.5678");
	ok(numeric_to_double(&n) == 1234.5678, "to a double");
	set(&n, "123.456");
	ok(numeric_apply_typmod(&n, numeric_typmod(5, 2), NULL) == OK && prints(&n, "123.46"), "numeric(5,2)");
	set(&n, "999.995");
	ok(numeric_apply_typmod(&n, numeric_typmod(5, 2), NULL) == E_OUT_OF_RANGE, "numeric field overflow");
	enum numeric_sign sign;
	ok(decimal_is_special(decimal_special(NUMERIC_MINUS_INFINITY), &sign) && sign == NUMERIC_MINUS_INFINITY &&
	   !decimal_is_special(pow10_i256(75), &sign) && decimal_is_reserved(pow10_i256(75)), "reserved decimals");
	ok(i256_compare(decimal_special(NUMERIC_NAN), decimal_special(NUMERIC_PLUS_INFINITY)) > 0, "NaN is greatest");
	ok(numeric_decode(&n, str_make("\0\1\0\0\0\0\0\0\x27\x10", 10), NULL) == E_INCORRECT_DATA,
	   "a digit of 10000 is refused");
	ok(numeric_decode(&n, str_make("\0\2\0\0\0\0\0\0\0\1", 10), NULL) == E_INCORRECT_DATA, "so are missing digits");
	numeric_fini(&n);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
		const struct pair *p = &pairs[i];
		one(p, numeric_add, "+", p->sum);
		one(p, numeric_sub, "-", p->difference);
		one(p, numeric_mul, "*", p->product);
		one(p, numeric_div, "/", p->quotient);
		one(p, numeric_mod, "%", p->rest);
		one(p, numeric_div_trunc, "div", p->whole);
		order(p);
	}
	for (size_t i = 0; i < ARRAY_COUNT(roundings); i++) {
		struct numeric n;
		bool good = true;
		numeric_init(&n);
		good = good && numeric_parse(&n, str_of(roundings[i].a), NULL) == OK &&
		       numeric_round(&n, roundings[i].scale, NULL) == OK && prints(&n, roundings[i].rounded);
		good = good && numeric_parse(&n, str_of(roundings[i].a), NULL) == OK;
		numeric_trunc(&n, roundings[i].scale);
		good = good && prints(&n, roundings[i].cut);
		good = good && numeric_parse(&n, str_of(roundings[i].a), NULL) == OK && numeric_floor(&n, NULL) == OK &&
		       prints(&n, roundings[i].floor);
		good = good && numeric_parse(&n, str_of(roundings[i].a), NULL) == OK && numeric_ceil(&n, NULL) == OK &&
		       prints(&n, roundings[i].ceil);
		good = good && numeric_parse(&n, str_of(roundings[i].a), NULL) == OK;
		numeric_trim_scale(&n);
		ok(good && prints(&n, roundings[i].trimmed), "%s to %d digits", roundings[i].a, roundings[i].scale);
		numeric_fini(&n);
	}
	texts();
	conversions();
	return tap_done();
}
