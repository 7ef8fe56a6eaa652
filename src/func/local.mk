# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libfunc.a
libfunc_a_SOURCES = \
	src/func/aggregate.h \
	src/func/call.c \
	src/func/cast.h \
	src/func/eval.h \
	src/func/expr.c src/func/expr.h \
	src/func/families.def \
	src/func/function.c src/func/function.h \
	src/func/program.c \
	src/func/registry.c
EXTRA_DIST += src/func/README.md
FUNC_LIBS = libfunc.a libkernel.a $(COLUMN_LIBS)
