# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libcolumn.a
libcolumn_a_SOURCES = \
	src/column/builder.c src/column/builder_copy.c src/column/builder.h \
	src/column/numeric.c src/column/numeric_text.c src/column/numeric_convert.c src/column/numeric.h src/column/numeric_impl.h \
	src/column/pginterval.c src/column/pginterval.h \
	src/column/type.c src/column/type.h src/column/types.def src/column/faces.def \
	src/column/type_aliases.def src/column/type_common.c src/column/type_name.c src/column/type_parse.c src/column/type_pg.c \
	src/column/value.h \
	src/column/vector.c src/column/vector_make.c src/column/vector.h
EXTRA_DIST += src/column/README.md
COLUMN_LIBS = libcolumn.a $(IO_LIBS)
