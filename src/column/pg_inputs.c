// SPDX-License-Identifier: Apache-2.0
#include "column/pg_inputs.h"

const struct pg_input pg_inputs[] = {
	{16, 1242, "boolin"}, {17, 1244, "byteain"}, {18, 1245, "charin"}, {19, 34, "namein"}, {20, 460, "int8in"},
	{21, 38, "int2in"}, {22, 40, "int2vectorin"}, {23, 42, "int4in"}, {24, 44, "regprocin"}, {25, 46, "textin"},
	{26, 1798, "oidin"}, {30, 54, "oidvectorin"}, {114, 321, "json_in"}, {700, 200, "float4in"}, {701, 214, "float8in"},
	{705, 109, "unknownin"}, {869, 910, "inet_in"}, {650, 1267, "cidr_in"}, {1042, 1044, "bpcharin"},
	{1043, 1046, "varcharin"}, {1082, 1084, "date_in"}, {1083, 1143, "time_in"}, {1114, 1312, "timestamp_in"},
	{1184, 1150, "timestamptz_in"}, {1186, 1160, "interval_in"}, {1700, 1701, "numeric_in"}, {2205, 2218, "regclassin"},
	{2206, 2220, "regtypein"}, {2249, PG_RECORD_IN, "record_in"}, {2278, 2298, "void_in"}, {2950, 2952, "uuid_in"},
	{3802, 3806, "jsonb_in"}, {4089, 4084, "regnamespacein"}, {2277, 2296, "anyarray_in"}, {3500, 3532, "anyenum_in"},
	{0, PG_ARRAY_IN, "array_in"}, {0, PG_ENUM_IN, "enum_in"}, {0, PG_DOMAIN_IN, "domain_in"}, {0, 0, NULL},
};

uint32_t pg_input_of(uint32_t type_oid)
{
	for (const struct pg_input *i = pg_inputs; i->name != NULL; i++)
		if (type_oid != 0 && i->type_oid == type_oid)
			return i->oid;
	return 0;
}

uint32_t pg_input_oid(struct str name)
{
	if (str_starts_with(name, STR("pg_catalog.")))
		name = str_make(name.data + 11, name.size - 11);
	for (const struct pg_input *i = pg_inputs; i->name != NULL; i++)
		if (str_eq(name, str_of(i->name)))
			return i->oid;
	return 0;
}

struct str pg_input_name(uint32_t oid)
{
	for (const struct pg_input *i = pg_inputs; i->name != NULL; i++)
		if (i->oid == oid)
			return str_of(i->name);
	return STR("");
}
