// SPDX-License-Identifier: Apache-2.0
/* Wide integers: laws that tie the operations together on numbers of every length, and the edges of the ranges. */
#include "base/hash.h"
#include "base/wide.h"
#include "regress/unit/tap.h"

/* A number of any length and sign. */
static i256 some(uint64_t i)
{
	i256 v;
	for (unsigned k = 0; k < 4; k++)
		v.limb[k] = hash_u64(i * 4 + k + 1);
	v = i256_shr(v, (unsigned)(hash_u64(i) % 256));
	if (i % 11 == 0)
		v = u256_shl(u256_from_u64(1), (unsigned)(i % 256));
	if (i % 13 == 0)
		v = u256_sub(u256_shl(u256_from_u64(1), (unsigned)(i % 256)), u256_from_u64(1));
	return v;
}

static const i256 least = {{0, 0, 0, (uint64_t)1 << 63}};
static const i256 greatest = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1}};

static bool smaller_magnitude(i256 a, i256 b)
{
	a = i256_negative(a) ? u256_negate(a) : a;
	b = i256_negative(b) ? u256_negate(b) : b;
	return u256_compare(a, b) < 0;
}

static void test_laws(void)
{
	bool division = true, unsigned_division = true, text = true, order = true, overflow = true, shifts = true;
	for (uint64_t i = 0; i < 20000; i++) {
		i256 a = some(i), b = some(i ^ 0x5555), q, r, t;
		char out[80];
		if (!u256_is_zero(b)) {
			i256_divmod(a, b, &q, &r);
			division &= u256_equal(u256_add(u256_mul(q, b), r), a) && smaller_magnitude(r, b) &&
			            (u256_is_zero(r) || i256_negative(r) == i256_negative(a));
			u256_divmod(a, b, &q, &r);
			unsigned_division &= u256_equal(u256_add(u256_mul(q, b), r), a) && u256_compare(r, b) < 0 &&
			                     !u256_mul_overflow(q, b, &t);
		}
		text &= i256_parse(str_make(out, i256_format(a, out)), &t) && u256_equal(t, a);
		text &= u256_parse(str_make(out, u256_format(a, out)), &t) && u256_equal(t, a);
		bool less = i256_compare(a, b) < 0, over = i256_sub_overflow(a, b, &t);
		order &= less == (i256_negative(t) != over);
		/* A product did not overflow exactly when division gives the factor back. */
		over = i256_mul_overflow(a, b, &t);
		if (!u256_is_zero(b) && !(u256_equal(t, least) && u256_equal(b, i256_from_i64(-1)))) {
			i256_divmod(t, b, &q, &r);
			overflow &= over == !(u256_equal(q, a) && u256_is_zero(r));
		}
		unsigned n = (unsigned)(i % 256);
		shifts &= u256_equal(u256_shr(u256_shl(u256_shr(a, n), n), n), u256_shr(a, n));
		shifts &= u256_equal(u256_shl(a, n), u256_mul(a, u256_shl(u256_from_u64(1), n)));
	}
	ok(division, "signed division");
	ok(unsigned_division, "unsigned division");
	ok(text, "text and back");
	ok(order, "order agrees with subtraction");
	ok(overflow, "products that pass the range are told");
	ok(shifts, "shifts");
}

static void test_edges(void)
{
	i256 t, one = i256_from_i64(1), minus = i256_from_i64(-1);
	char out[80];
	ok(i256_add_overflow(greatest, one, &t) && u256_equal(t, least), "the greatest plus one wraps");
	ok(!i256_add_overflow(greatest, minus, &t) && i256_sub_overflow(least, one, &t), "sums near the ends");
	ok(i256_mul_overflow(least, minus, &t), "minus one times the least is out of range");
	ok(!i256_mul_overflow(least, one, &t) && u256_equal(t, least), "one times the least is not");
	ok(!i256_mul_overflow(u256_shl(one, 254), i256_from_i64(-2), &t) && u256_equal(t, least), "-2^255 is in range");
	ok(i256_sub_overflow(u256_from_u64(0), least, &t), "minus the least is not");
	is_str(str_make(out, i256_format(least, out)),
	       "-57896044618658097711785492504343953926634992332820282019728792003956564819968", "the least");
	is_str(str_make(out, u256_format(minus, out)),
	       "115792089237316195423570985008687907853269984665640564039457584007913129639935", "the greatest unsigned");
	is_str(str_make(out, u256_format(u256_from_u64(0), out)), "0", "zero");
	ok(i256_parse(STR("57896044618658097711785492504343953926634992332820282019728792003956564819967"), &t) &&
	   u256_equal(t, greatest), "the greatest is read");
	ok(!i256_parse(STR("57896044618658097711785492504343953926634992332820282019728792003956564819968"), &t),
	   "one more is not");
	ok(i256_parse(STR("-57896044618658097711785492504343953926634992332820282019728792003956564819968"), &t),
	   "the least is");
	ok(!u256_parse(STR("115792089237316195423570985008687907853269984665640564039457584007913129639936"), &t), "2^256");
	ok(!i256_parse(STR(""), &t) && !i256_parse(STR("-"), &t) && !i256_parse(STR("1x"), &t), "no numbers");
	ok(!u256_parse(STR("-1"), &t) && u256_parse(STR("-0"), &t), "no unsigned number");
	ok(u256_parse(STR("+000000000000000000000000000000000000000000000000000000000000000000000000000000000007"), &t) &&
	   t.limb[0] == 7, "leading zeros");
	ok(u256_is_zero(u256_shl(minus, 256)) && u256_is_zero(u256_shr(minus, 300)), "shifts by all bits");
}

static void test_128(void)
{
	i128 v;
	u128 u;
	char out[48];
	i128 low = (i128)((u128)1 << 127);
	is_str(str_make(out, i128_format(low, out)), "-170141183460469231731687303715884105728", "the least of 128 bits");
	is_str(str_make(out, u128_format(~(u128)0, out)), "340282366920938463463374607431768211455", "the greatest");
	ok(i128_parse(STR("-170141183460469231731687303715884105728"), &v) && v == low, "read back");
	ok(!i128_parse(STR("170141183460469231731687303715884105728"), &v), "one too many");
	ok(u128_parse(STR("340282366920938463463374607431768211455"), &u) && u == ~(u128)0, "read back, unsigned");
	ok(!u128_parse(STR("340282366920938463463374607431768211456"), &u) && !u128_parse(STR("-1"), &u), "out of range");
	ok(!i256_to_i128(i256_from_i128(low), &v) && v == low, "narrowing");
	ok(i256_to_i128(u256_from_u128((u128)1 << 127), &v), "narrowing what does not fit");
	int64_t narrow;
	ok(!i256_to_i64(i256_from_i64(INT64_MIN), &narrow) && narrow == INT64_MIN, "to 64 bits");
	ok(i256_to_i64(u256_from_u64((uint64_t)1 << 63), &narrow), "2^63 does not fit");
}

static void test_double_and_powers(void)
{
	i256 p = u256_from_u64(1);
	bool good = true;
	for (unsigned n = 0; n <= 76; n++) {
		i128 small;
		good &= u256_equal(pow10_i256(n), p);
		good &= n > 38 || (!i256_to_i128(p, &small) && small == pow10_i128(n));
		good &= n > 19 || p.limb[0] == pow10_u64(n);
		p = u256_mul(p, u256_from_u64(10));
	}
	ok(good, "powers of ten");
	ok(i256_to_double(pow10_i256(76)) == 1e76 && i256_to_double(u256_negate(pow10_i256(30))) == -1e30, "to double");
	ok(u256_to_double(i256_from_i64(-1)) == 0x1p256 && i256_to_double(least) == -0x1p255, "the ends to double");
	/* 2^200 + 2^147 lies half way between two doubles; a last bit decides. */
	u256 tie = u256_add(u256_shl(u256_from_u64(1), 200), u256_shl(u256_from_u64(1), 147));
	ok(u256_to_double(tie) == 0x1p200, "a tie goes to even");
	ok(u256_to_double(u256_add(tie, u256_from_u64(1))) == 0x1.0000000000001p200, "anything more goes up");
	ok(u256_equal(i256_from_double(-0x1p254), u256_negate(u256_shl(u256_from_u64(1), 254))), "from double");
	int64_t v;
	ok(!i256_to_i64(i256_from_double(-1234.99), &v) && v == -1234, "truncated");
	ok(u256_is_zero(i256_from_double(0.0)) && u256_is_zero(i256_from_double(5e-324)), "nothing left");
}

int main(void)
{
	test_laws();
	test_edges();
	test_128();
	test_double_and_powers();
	return tap_done();
}
