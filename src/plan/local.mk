# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	src/plan/bind_aggregate.c src/plan/bind_change.c src/plan/bind_change.h src/plan/bind_call.c src/plan/bind_expr.c src/plan/bind_fill.c src/plan/bind_from.c src/plan/bind_from_impl.h \
	src/plan/bind_group.c src/plan/bind_group_impl.h src/plan/bind_join.c src/plan/bind_limit.c src/plan/bind_literal.c \
	src/plan/bind_name.c src/plan/bind_records.c src/plan/bind_recursive.c src/plan/bind_rows.c src/plan/bind_rows_impl.h \
	src/plan/bind_sample.c src/plan/bind_select.c src/plan/bind_select_impl.h src/plan/bind_star.c src/plan/bind_star_impl.h \
	src/plan/bind_subquery.c src/plan/bind_table_function.c src/plan/bind_totals.c src/plan/bind_type.c src/plan/bind_window.c \
	src/plan/binder.c src/plan/binder.h src/plan/binder_impl.h src/plan/decorrelate.c src/plan/estimate.c src/plan/estimate.h \
	src/plan/join_order.c src/plan/plan.c src/plan/plan.h \
	src/plan/plan_call.h src/plan/plan_walk.c src/plan/plan_walk.h src/plan/pull_up.c src/plan/pull_up.h \
	src/plan/rewrite.c src/plan/rewrite_aggregate.c src/plan/rewrite_impl.h src/plan/rewrite_scan.c src/plan/subquery.h
PLAN_LIBS = libplan.a $(STORAGE_LIBS)
