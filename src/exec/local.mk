# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libexec.a
libexec_a_SOURCES = \
	src/exec/advisory.c src/exec/advisory.h src/exec/apply.c src/exec/build.c src/exec/command.c \
	src/exec/copy.c src/exec/copy.h src/exec/cursor.c src/exec/explain.c src/exec/explain_ast.c src/exec/explain_plan.c \
	src/exec/explain_query_tree.c src/exec/explain_syntax.c src/exec/explain_text.h src/exec/explain_expr.c \
	src/exec/explain_impl.h src/exec/explain_pg.c src/exec/explain_pg_write.c src/exec/insert.c \
	src/exec/profile.c src/exec/profile.h \
	src/exec/insert_function.c src/exec/insert_statement.c src/exec/instance.c src/exec/instance.h src/exec/operator.h src/exec/processes.h \
	src/exec/query.c src/exec/query.h src/exec/query_log.c src/exec/run_impl.h src/exec/session.c src/exec/session.h \
	src/exec/session_impl.h src/exec/source.c src/exec/statement.c src/exec/stream.c src/exec/transaction.c
include $(top_srcdir)/src/exec/ops.mk
include $(top_srcdir)/src/exec/ddl.mk
include $(top_srcdir)/src/exec/change.mk
EXEC_LIBS = libexec.a $(PLAN_LIBS)
