# SPDX-License-Identifier: Apache-2.0
libfunc_a_SOURCES += \
	src/func/agg_array.c \
	src/func/agg_array_impl.h \
	src/func/agg_avg.c \
	src/func/agg_basic.c \
	src/func/agg_combine.c \
	src/func/agg_concat.c \
	src/func/agg_exact.c \
	src/func/agg_extreme.c \
	src/func/agg_extreme_tmpl.h \
	src/func/agg_fold_tmpl.h \
	src/func/agg_holder.c \
	src/func/agg_holder_impl.h \
	src/func/agg_keyset_tmpl.h \
	src/func/agg_map.c \
	src/func/agg_nested.c \
	src/func/agg_null.c \
	src/func/agg_numeric.c \
	src/func/agg_ordered.c \
	src/func/agg_params.c \
	src/func/agg_set.c \
	src/func/agg_set_impl.h \
	src/func/agg_single_impl.h \
	src/func/agg_sum.c \
	src/func/agg_sum_impl.h \
	src/func/agg_support.c \
	src/func/agg_uniq.c \
	src/func/agg_uniq_array.c \
	src/func/agg_uniq_hash.c \
	src/func/agg_uniq_hash_impl.h \
	src/func/agg_value.c \
	src/func/aggregate.c \
	src/func/aggregate.h \
	src/func/aggregate_impl.h \
	src/func/aggregates.def
