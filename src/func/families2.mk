# SPDX-License-Identifier: Apache-2.0
libfunc_a_SOURCES += \
	src/func/array_basic.c \
	src/func/array_classes.c \
	src/func/array_element.c \
	src/func/array_impl.h \
	src/func/array_lambda.c \
	src/func/array_more.c \
	src/func/array_reduce.c \
	src/func/array_sets.c \
	src/func/array_support.c \
	src/func/compose.c \
	src/func/compose.h \
	src/func/date_diff.c \
	src/func/date_format.c \
	src/func/date_impl.h \
	src/func/date_now.c \
	src/func/date_parts.c \
	src/func/date_start.c \
	src/func/date_support.c \
	src/func/hash_any.c \
	src/func/json_extract.c \
	src/func/json_impl.h \
	src/func/json_scan.c \
	src/func/map_basic.c \
	src/func/pg_catalog.c \
	src/func/pg_date.c \
	src/func/pg_series.c \
	src/func/str_basic.c \
	src/func/str_concat.c \
	src/func/str_impl.h \
	src/func/str_regex.c \
	src/func/str_regex_support.c \
	src/func/str_search.c \
	src/func/str_support.c \
	src/func/tuple.c \
	src/func/url_parts.c
