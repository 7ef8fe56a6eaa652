# SPDX-License-Identifier: Apache-2.0
libfunc_a_SOURCES += \
	src/func/array_metric.c \
	src/func/bit_more.c \
	src/func/bitmap.c \
	src/func/date_change.c \
	src/func/date_interval.c \
	src/func/date_make.c \
	src/func/date_parse.c \
	src/func/decimal_more.c \
	src/func/dictionary_parts.c \
	src/func/map_more.c \
	src/func/misc_more.c \
	src/func/roaring.c \
	src/func/roaring.h \
	src/func/running.c \
	src/func/str_query.c \
	src/func/round_more.c
