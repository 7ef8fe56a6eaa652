# SPDX-License-Identifier: Apache-2.0
libfunc_a_SOURCES += \
	src/func/str_basic.c \
	src/func/str_impl.h \
	src/func/str_regex.c \
	src/func/str_regex_support.c \
	src/func/str_search.c \
	src/func/str_support.c
