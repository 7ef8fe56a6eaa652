// SPDX-License-Identifier: Apache-2.0
/* Include template of codec_series.c: T unsigned and S signed are the value type, NAME(x) the functions' names,
 * GORILLA_LENGTH_BITS holds the numbers up to the width in bits. Bytes may be unaligned. */

static uint8_t *NAME(double_delta_encode)(const uint8_t *src, size_t n, uint8_t *to)
{
	T previous = 0, delta = 0;
	if (n > 0) {
		memcpy(&previous, src, sizeof(T));
		memcpy(to, &previous, sizeof(T));
		to += sizeof(T);
	}
	if (n > 1) {
		T v;
		memcpy(&v, src + sizeof(T), sizeof(T));
		delta = (T)(v - previous);
		memcpy(to, &delta, sizeof(T));
		to += sizeof(T);
		previous = v;
	}
	struct bit_writer w = {.to = to};
	for (size_t i = 2; i < n; i++) {
		T v;
		memcpy(&v, src + i * sizeof(T), sizeof(T));
		T d = (T)(v - previous);
		T dd = (T)(d - delta);
		previous = v;
		delta = d;
		if (dd == 0) {
			bit_writer_put(&w, 0, 1);
			continue;
		}
		const struct dd_form *f = dd_form_of((S)dd);
		bool negative = (S)dd < 0;
		T magnitude = (T)((T)(negative ? 0 - dd : dd) - 1);
		bit_writer_put(&w, f->prefix, f->prefix_bits);
		bit_writer_put(&w, (uint64_t)negative << (f->data_bits - 1) | magnitude, f->data_bits);
	}
	return bit_writer_finish(&w);
}

static bool NAME(double_delta_decode)(const uint8_t *src, size_t src_size, size_t n, uint8_t *to)
{
	T v, delta;
	if (n == 0)
		return true;
	if (src_size < sizeof(T) * (n > 1 ? 2 : 1))
		return false;
	memcpy(&v, src, sizeof(T));
	memcpy(to, &v, sizeof(T));
	if (n == 1)
		return true;
	memcpy(&delta, src + sizeof(T), sizeof(T));
	v = (T)(v + delta);
	memcpy(to + sizeof(T), &v, sizeof(T));
	struct bit_reader r = {src + 2 * sizeof(T), src_size - 2 * sizeof(T), 0};
	for (size_t i = 2; i < n;) {
		uint64_t bits = bit_reader_peek(&r);
		/* a run of steady steps is a run of zero bits: take all that are in sight */
		if (bits >> 56 == 0) {
			unsigned steady = bits == 0 ? 56 : (unsigned)__builtin_clzll(bits);
			steady = steady < 56 ? steady : 56;
			steady = steady < n - i ? steady : (unsigned)(n - i);
			for (unsigned k = 0; k < steady; k++) {
				v = (T)(v + delta);
				memcpy(to + (i + k) * sizeof(T), &v, sizeof(T));
			}
			i += steady;
			bit_reader_skip(&r, steady);
			if (unlikely(bit_reader_overrun(&r)))
				return false;
			continue;
		}
		/* the other forms without a branch on which it is: mixed ones could not be predicted */
		unsigned form = (unsigned)(bits >> 59), data_bits = dd_data[form];
		uint64_t data;
		if (unlikely(form == 31)) {
			bit_reader_skip(&r, 5);
			data = bit_reader_take(&r, 64);
		} else {
			/* a steady step has no data bits: shifting in two steps makes that a shift by 64 */
			data = bits << (dd_skip[form] - data_bits) >> 1 >> (63 - data_bits);
			bit_reader_skip(&r, dd_skip[form]);
		}
		uint64_t sign = (uint64_t)(data_bits != 0) << ((data_bits - 1) & 63);
		T dd = (T)((data & (sign - 1)) + 1);
		dd = (T)(data & sign ? 0 - dd : dd);
		delta = (T)(delta + (T)(data_bits == 0 ? 0 : dd));
		v = (T)(v + delta);
		memcpy(to + i * sizeof(T), &v, sizeof(T));
		i++;
	}
	return !bit_reader_overrun(&r);
}

static uint8_t *NAME(gorilla_encode)(const uint8_t *src, size_t n, uint8_t *to)
{
	enum { BITS = sizeof(T) * 8 };
	T previous = 0;
	if (n > 0) {
		memcpy(&previous, src, sizeof(T));
		memcpy(to, &previous, sizeof(T));
		to += sizeof(T);
	}
	struct bit_writer w = {.to = to};
	unsigned leading = 0, length = 0, trailing = 0;
	for (size_t i = 1; i < n; i++) {
		T v;
		memcpy(&v, src + i * sizeof(T), sizeof(T));
		uint64_t x = (T)(v ^ previous);
		previous = v;
		if (x == 0) {
			bit_writer_put(&w, 0, 1);
			continue;
		}
		unsigned lead = (unsigned)__builtin_clzll(x) - (64 - BITS), trail = (unsigned)__builtin_ctzll(x);
		if (length != 0 && leading <= lead && trailing <= trail) {
			bit_writer_put(&w, 2, 2);
			bit_writer_put(&w, x >> trailing, length);
			continue;
		}
		leading = lead;
		trailing = trail;
		length = BITS - lead - trail;
		uint64_t head = (uint64_t)3 << (2 * GORILLA_LENGTH_BITS - 1) | (uint64_t)lead << GORILLA_LENGTH_BITS | length;
		bit_writer_put(&w, head, 2 + 2 * GORILLA_LENGTH_BITS - 1);
		bit_writer_put(&w, x >> trail, length);
	}
	return bit_writer_finish(&w);
}

static bool NAME(gorilla_decode)(const uint8_t *src, size_t src_size, size_t n, uint8_t *to)
{
	enum { BITS = sizeof(T) * 8 };
	T v;
	if (n == 0)
		return true;
	if (src_size < sizeof(T))
		return false;
	memcpy(&v, src, sizeof(T));
	memcpy(to, &v, sizeof(T));
	struct bit_reader r = {src + sizeof(T), src_size - sizeof(T), 0};
	unsigned length = 0, trailing = 0;
	for (size_t i = 1; i < n; i++) {
		uint64_t bits = bit_reader_peek(&r);
		if (!(bits >> 63)) {
			bit_reader_skip(&r, 1);
		} else {
			bit_reader_skip(&r, 2);
			if (bits >> 62 & 1) {
				bits <<= 2;
				unsigned leading = (unsigned)(bits >> (64 - (GORILLA_LENGTH_BITS - 1)));
				bits <<= GORILLA_LENGTH_BITS - 1;
				length = (unsigned)(bits >> (64 - GORILLA_LENGTH_BITS));
				bit_reader_skip(&r, 2 * GORILLA_LENGTH_BITS - 1);
				if (length == 0 || leading + length > BITS)
					return false;
				trailing = BITS - leading - length;
			}
			if (length == 0)
				return false;
			v ^= (T)(bit_reader_take(&r, length) << trailing);
		}
		memcpy(to + i * sizeof(T), &v, sizeof(T));
		if (unlikely((i & 1023) == 0) && bit_reader_overrun(&r))
			return false;
	}
	return !bit_reader_overrun(&r);
}
