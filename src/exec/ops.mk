# SPDX-License-Identifier: Apache-2.0
# The operators in files of their own.
libexec_a_SOURCES += \
	src/exec/op_aggregate.c src/exec/op_aggregate_impl.h src/exec/op_aggregate_spill.c \
	src/exec/op_distinct.c src/exec/op_fetch.c \
	src/exec/op_group.h src/exec/op_group_few.c src/exec/op_group_few.h src/exec/op_group_keys.c src/exec/op_group_table.c \
	src/exec/op_impl.h src/exec/op_support.c \
	src/exec/op_limit_end.c \
	src/exec/op_join.c src/exec/op_join_impl.h src/exec/op_join_probe.c src/exec/op_join_spill.c \
	src/exec/op_set.c \
	src/exec/op_sort.c src/exec/op_sort_impl.h src/exec/op_sort_spill.c src/exec/op_sort_key.c src/exec/op_sort_key.h \
	src/exec/op_top.c src/exec/op_top.h \
	src/exec/extremes.c \
	src/exec/op_fill.c \
	src/exec/op_totals.c \
	src/exec/spill.c src/exec/spill.h src/exec/spill_policy.c \
	src/exec/op_unnest.c \
	src/exec/op_window.c src/exec/op_window_frame.c src/exec/op_window_impl.h
