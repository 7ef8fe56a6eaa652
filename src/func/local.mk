# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libfunc.a
libfunc_a_SOURCES = \
	src/func/arith_decimal.c src/func/arith_impl.h \
	src/func/arith_division.c \
	src/func/arith_nested.c \
	src/func/arith_pg.c \
	src/func/arith_pg_time.c \
	src/func/arith_time.c \
	src/func/arithmetic.c \
	src/func/bit.c \
	src/func/call.c \
	src/func/cast.c src/func/cast.h src/func/cast_impl.h \
	src/func/cast_bytes.c \
	src/func/cast_functions.c \
	src/func/cast_misc.c src/func/cast_variant.c src/func/variant_element.c \
	src/func/cast_nested.c \
	src/func/cast_number.c \
	src/func/cast_state.c \
	src/func/cast_text.c \
	src/func/cast_time.c \
	src/func/cast_timestamps.c \
	src/func/cast_to_text.c \
	src/func/compare.c src/func/compare_impl.h \
	src/func/compare_number.c \
	src/func/compare_tuple.c \
	src/func/conditional.c \
	src/func/eval.h \
	src/func/expr.c src/func/expr.h \
	src/func/families.def \
	src/func/function.c src/func/function.h \
	src/func/function_registry.c \
	src/func/in.c \
	src/func/logic.c \
	src/func/math.c \
	src/func/misc.c \
	src/func/nullable.c \
	src/func/program.c \
	src/func/random.c \
	src/func/readable.c \
	src/func/round.c \
	src/func/select_rows.c src/func/select_rows.h \
	src/func/date_part.h src/func/subcall.c src/func/subcall.h \
	src/func/time_add.c src/func/time_add.h \
	src/func/transform.c \
	src/func/value_set.c src/func/value_set.h
include $(top_srcdir)/src/func/aggregates.mk
include $(top_srcdir)/src/func/families2.mk
include $(top_srcdir)/src/func/families3.mk
FUNC_LIBS = libfunc.a libkernel.a $(KERNEL_LEVEL_LIBS) libparse.a $(COLUMN_LIBS)
