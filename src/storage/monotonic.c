// SPDX-License-Identifier: Apache-2.0
#include "storage/monotonic.h"

/* Of dates and times, with constant further arguments (zone, step, unit). */
static const char *const of_times[] = {
	"toYear", "toISOYear", "toYYYYMM", "toYYYYMMDD", "toYYYYMMDDhhmmss", "toStartOfYear", "toStartOfISOYear",
	"toStartOfQuarter", "toStartOfMonth", "toMonday", "toStartOfWeek", "toStartOfDay", "toStartOfHour", "toStartOfMinute",
	"toStartOfSecond", "toStartOfFiveMinutes", "toStartOfTenMinutes", "toStartOfFifteenMinutes", "toStartOfInterval",
	"toStartOfMillisecond", "toStartOfMicrosecond", "timeSlot", "toTimeZone", "toTimezone", "dateTrunc", "date_trunc",
	"toRelativeYearNum", "toRelativeQuarterNum", "toRelativeMonthNum", "toRelativeWeekNum", "toRelativeDayNum",
	"toRelativeHourNum", "toRelativeMinuteNum", "toRelativeSecondNum", "toUnixTimestamp", "toUnixTimestamp64Milli",
	"toUnixTimestamp64Micro", "toLastDayOfMonth", "toLastDayOfWeek", "toYearWeek", "addSeconds", "addMinutes", "addHours",
	"addDays", "addWeeks", "subtractSeconds", "subtractMinutes", "subtractHours", "subtractDays", "subtractWeeks",
};

static const char *const casts[] = {
	"CAST", "accurateCast", "cast", "castImplicit", "castForInsert", "toDate", "toDate32", "toDateTime", "toDateTime64",
	"toInt16", "toInt32", "toInt64", "toInt128", "toInt256", "toUInt16", "toUInt32", "toUInt64", "toUInt128", "toUInt256",
	"toFloat64", "identity", "assumeNotNull", "toNullable", "materialize",
};

static bool named(struct str name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(name, str_of(list[i])))
			return true;
	return false;
}

/* Seconds that a type's values can reach are those of the other's. */
static bool keeps_order(const struct type *from, const struct type *to)
{
	enum physical p = type_physical(from), q = type_physical(to);
	if (type_equal_physical(from, to))
		return true;
	if (type_is_temporal(from) && type_is_temporal(to))
		/* into a narrower range values may be clamped, or wrap */
		return to->id == TYPE_DATE32 || to->id == TYPE_DATETIME64 || from->id == TYPE_DATE || from->id == TYPE_DATETIME;
	if (type_is_decimal(from) || type_is_decimal(to) || type_is_temporal(from) || type_is_temporal(to))
		return false;
	bool signed_from = p >= PHYS_I8 && p <= PHYS_I256, unsigned_from = p >= PHYS_U8 && p <= PHYS_U256;
	bool signed_to = q >= PHYS_I8 && q <= PHYS_I256, unsigned_to = q >= PHYS_U8 && q <= PHYS_U256;
	if (to->id == TYPE_FLOAT64)
		return signed_from || unsigned_from || from->id == TYPE_FLOAT32;
	if (signed_from && signed_to)
		return physical_size(q) >= physical_size(p);
	if (unsigned_from && unsigned_to)
		return physical_size(q) >= physical_size(p);
	return unsigned_from && signed_to && physical_size(q) > physical_size(p);
}

/* The one argument that is not constant. */
static bool only_variable(const struct expr *x, uint32_t *at)
{
	uint32_t variable = 0;
	for (uint32_t i = 0; i < x->call->arg_count; i++)
		if (x->args[i]->kind != EXPR_CONSTANT) {
			*at = i;
			variable++;
		}
	return variable == 1;
}

/* Sums: only where the result cannot wrap, or is a time. */
static bool sum_keeps_order(const struct expr *x, uint32_t at)
{
	const struct type *from = x->args[at]->type, *to = x->type;
	if (type_is_float(to))
		return true;
	if (type_is_temporal(from))
		return x->args[1 - at]->type->id == TYPE_INTERVAL && keeps_order(from, to);
	return type_is_integer(from) && type_is_integer(to)
	       && physical_size(type_physical(to)) > physical_size(type_physical(from));
}

static bool positive(const struct expr *x)
{
	const struct vector *v = x->constant;
	if (v == NULL || vector_is_null(v, 0))
		return false;
	switch (type_physical(v->type)) {
	case PHYS_U8:
		return *(const uint8_t *)v->data > 0;
	case PHYS_U16:
		return *(const uint16_t *)v->data > 0;
	case PHYS_U32:
		return *(const uint32_t *)v->data > 0;
	case PHYS_I8:
		return *(const int8_t *)v->data > 0;
	case PHYS_I16:
		return *(const int16_t *)v->data > 0;
	case PHYS_I32:
		return *(const int32_t *)v->data > 0;
	case PHYS_I64:
		return *(const int64_t *)v->data > 0;
	case PHYS_F64:
		return *(const double *)v->data > 0;
	default:
		return false;
	}
}

bool monotonic_call(const struct expr *x, uint32_t *at, bool *decreasing)
{
	struct str name = x->call->function != NULL ? str_of(x->call->function->name) : x->call->name;
	*decreasing = false;
	if (x->is_volatile || !only_variable(x, at))
		return false;
	const struct type *from = x->args[*at]->type;
	if (from->nullable != x->type->nullable && !str_eq(name, STR("toNullable")) && !x->type->nullable)
		return false;
	if (named(name, of_times, ARRAY_COUNT(of_times)))
		return type_is_temporal(from);
	if (named(name, casts, ARRAY_COUNT(casts)))
		return *at == 0 && keeps_order(from, x->type);
	if (str_eq(name, STR("negate"))) {
		*decreasing = true;
		return type_is_float(from) ||
			(type_is_integer(from) && physical_size(type_physical(x->type)) > physical_size(type_physical(from)));
	}
	if (x->call->arg_count != 2)
		return false;
	if (str_eq(name, STR("plus")))
		return sum_keeps_order(x, *at);
	if (str_eq(name, STR("minus"))) {
		*decreasing = *at == 1;
		return sum_keeps_order(x, *at);
	}
	if (str_eq(name, STR("intDiv")) || str_eq(name, STR("divide")))
		return *at == 0 && positive(x->args[1]) && (type_is_integer(from) || type_is_float(from));
	return false;
}
