// SPDX-License-Identifier: Apache-2.0
/* Casts of enums, UUIDs and addresses. */
#include <assert.h>

#include "func/cast_impl.h"
#include "kernel/kernel.h"

static bool is_enum(const struct type *t)
{
	return t->id == TYPE_ENUM8 || t->id == TYPE_ENUM16;
}

static int16_t load_enum(const struct type *t, const void *data, uint32_t i)
{
	int16_t v;
	if (t->id == TYPE_ENUM8)
		return ((const int8_t *)data)[i];
	memcpy(&v, (const char *)data + i * sizeof v, sizeof v);
	return v;
}

static void store_enum(const struct type *t, void *data, uint32_t i, int16_t v)
{
	if (t->id == TYPE_ENUM8)
		((int8_t *)data)[i] = (int8_t)v;
	else
		((int16_t *)data)[i] = v;
}

static bool has_value(const struct type *t, int64_t v)
{
	uint32_t low = 0, high = t->value_count; /* ascending by value */
	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (t->values[mid].value < v)
			low = mid + 1;
		else
			high = mid;
	}
	return low < t->value_count && t->values[low].value == v;
}

/* For enum to enum: the target's value of each source value, by name. */
enum status cast_prepare_enum(struct bind_env *env, struct cast *k)
{
	if (!is_enum(k->from) || !is_enum(k->to))
		return OK;
	int16_t *table = ARENA_ARRAY(env->arena, int16_t, k->from->value_count);
	for (uint32_t i = 0; i < k->from->value_count; i++) {
		struct enum_value v = k->from->values[i];
		bool found = false;
		for (uint32_t j = 0; j < k->to->value_count && !found; j++) {
			found = str_eq(k->to->values[j].name, v.name);
			if (found)
				table[i] = k->to->values[j].value;
		}
		if (found && table[i] != v.value)
			return ERR(env->err, E_CANNOT_CONVERT, "Enum conversion changes value for element '%.*s' from %d to %d",
			           STR_ARG(v.name), v.value, table[i]);
		if (!found)
			return ERR(env->err, E_CANNOT_CONVERT, "Enum conversion changes name for value %d", v.value);
	}
	k->table = table;
	return OK;
}

static enum status enum_to_enum(const struct cast *k, struct eval *e, struct cast_run *r)
{
	/* equal names have equal values: cast_prepare_enum() has seen to it */
	for (uint32_t i = 0; i < r->n; i++)
		store_enum(k->to, r->out->data, i, load_enum(k->from, r->in->data, i));
	return OK;
}

static enum status enum_to_number(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct cast inner = *k;
	inner.from = type_simple(k->from->id == TYPE_ENUM8 ? TYPE_INT8 : TYPE_INT16);
	return cast_choose_number(inner.from, k->to)(&inner, e, r);
}

static enum status number_to_enum(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct cast inner = *k;
	struct vector *out = r->out, *wide = NULL;
	inner.to = type_simple(TYPE_INT64);
	inner.checked = true;
	TRY(vector_new(e->track, inner.to, r->n, &wide, e->err));
	r->out = wide;
	enum status s = cast_choose_number(k->from, inner.to)(&inner, e, r);
	r->out = out;
	const int64_t *values = wide->data;
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		int64_t v = values[i];
		if (!has_value(k->to, v)) {
			if (!cast_forgives(k, e, r, i))
				s = ERR(e->err, E_UNKNOWN_ENUM_ELEMENT, "Unexpected value %lld in enum", (long long)v);
			v = type_default_value(k->to).i8;
			if (k->to->id == TYPE_ENUM16)
				v = type_default_value(k->to).i16;
		}
		store_enum(k->to, out->data, i, (int16_t)v);
	}
	vector_unref(wide);
	return s;
}

/* ---- UUID and addresses ---- */

/* The halves change places: a UUID as a number has its first half on top. */
static enum status swap_halves(const struct cast *k, struct eval *e, struct cast_run *r)
{
	for (uint32_t i = 0; i < r->n; i++) {
		uint64_t half[2];
		memcpy(half, (const char *)r->in->data + i * 16, 16);
		uint64_t out[2] = {half[1], half[0]};
		memcpy((char *)r->out->data + i * 16, out, 16);
	}
	return OK;
}

static enum status copy16(const struct cast *k, struct eval *e, struct cast_run *r)
{
	memcpy(r->out->data, r->in->data, (size_t)r->n * 16);
	return OK;
}

static enum status ipv4_to_number(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct cast inner = *k;
	inner.from = type_simple(TYPE_UINT32);
	return cast_choose_number(inner.from, k->to)(&inner, e, r);
}

static enum status number_to_ipv4(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct cast inner = *k;
	inner.to = type_simple(TYPE_UINT32);
	return cast_choose_number(k->from, inner.to)(&inner, e, r);
}

static const u128 mapped_prefix = (u128)0xffff << 32;

static enum status ipv4_to_ipv6(const struct cast *k, struct eval *e, struct cast_run *r)
{
	for (uint32_t i = 0; i < r->n; i++) {
		uint32_t v;
		memcpy(&v, (const char *)r->in->data + i * sizeof v, sizeof v);
		u128 mapped = mapped_prefix | v;
		memcpy((char *)r->out->data + i * sizeof mapped, &mapped, sizeof mapped);
	}
	return OK;
}

static enum status ipv6_to_ipv4(const struct cast *k, struct eval *e, struct cast_run *r)
{
	for (uint32_t i = 0; i < r->n; i++) {
		u128 v;
		memcpy(&v, (const char *)r->in->data + i * sizeof v, sizeof v);
		bool mapped = v >> 32 == mapped_prefix >> 32;
		if (!mapped && !cast_forgives(k, e, r, i))
			return ERR(e->err, E_CANNOT_CONVERT, "IPv6 is not an IPv4-mapped address");
		((uint32_t *)r->out->data)[i] = mapped ? (uint32_t)v : 0;
	}
	return OK;
}

cast_fn cast_choose_misc(const struct type *from, const struct type *to)
{
	if (is_enum(from))
		return is_enum(to) ? enum_to_enum : type_is_number(to) ? enum_to_number : NULL;
	if (is_enum(to))
		return type_is_number(from) ? number_to_enum : NULL;
	if (from->id == TYPE_UUID || to->id == TYPE_UUID)
		return from->id == TYPE_UINT128 || to->id == TYPE_UINT128 ? swap_halves : NULL;
	if (from->id == TYPE_IPV4)
		return to->id == TYPE_IPV6 ? ipv4_to_ipv6 : type_is_number(to) ? ipv4_to_number : NULL;
	if (to->id == TYPE_IPV4)
		return from->id == TYPE_IPV6 ? ipv6_to_ipv4 : type_is_integer(from) ? number_to_ipv4 : NULL;
	if (from->id == TYPE_IPV6 || to->id == TYPE_IPV6)
		return from->id == TYPE_UINT128 || to->id == TYPE_UINT128 ? copy16 : NULL;
	return NULL;
}
