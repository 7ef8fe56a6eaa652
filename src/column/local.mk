# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libcolumn.a
libcolumn_a_SOURCES = \
	src/column/builder.c src/column/builder_copy.c src/column/builder.h src/column/digits.h \
	src/column/inet.c src/column/inet_impl.h \
	src/column/json_text.c src/column/json_text.h \
	src/column/numeric.c src/column/numeric_text.c src/column/numeric_convert.c src/column/numeric.h \
	src/column/numeric_math.c src/column/numeric_math.h \
	src/column/numeric_impl.h \
	src/column/pg_datetime.c src/column/pg_datetime_impl.h src/column/pg_inputs.c src/column/pg_inputs.h \
	src/column/pginterval.c src/column/pginterval.h \
	src/column/text_best_effort.c src/column/text_datetime.c src/column/text_impl.h src/column/text_scalar.c \
	src/column/type.c src/column/type.h src/column/types.def src/column/faces.def \
	src/column/type_aliases.def src/column/type_common.c src/column/type_name.c src/column/type_parse.c \
	src/column/type_pg.c \
	src/column/variant.c src/column/variant.h \
	src/column/value.h src/column/value_parse.c src/column/value_parse_impl.h src/column/value_parse_json.c \
	src/column/value_parse_literal.c src/column/value_parse_pg.c \
	src/column/value_pg.c src/column/value_pg_binary.c src/column/value_pg_impl.h \
	src/column/value_put.c src/column/value_write.c src/column/value_write_impl.h \
	src/column/vector.c src/column/vector_bytes.c src/column/vector_bytes.h src/column/vector_make.c src/column/vector.h
COLUMN_LIBS = libcolumn.a $(IO_LIBS)
