# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libparse.a
libparse_a_SOURCES = \
	src/parse/alter_type.def src/parse/ast_fields.def src/parse/ast_kind.def src/parse/keyword.def \
	src/parse/object_type.def src/parse/system_command.def \
	src/parse/ast.c src/parse/ast.h src/parse/ast_admin.h src/parse/ast_alter.h src/parse/ast_change.h \
	src/parse/ast_command.h src/parse/ast_ddl.h src/parse/ast_expr.h src/parse/ast_query.h \
	src/parse/dialect.h src/parse/functional.c src/parse/functional.h \
	src/parse/lexer.c src/parse/lexer.h src/parse/token.c \
	src/parse/parse_admin.c src/parse/parse_alter.c src/parse/parse_alter_column.c src/parse/parse_call.c \
	src/parse/parse_change.c src/parse/parse_core.c src/parse/parse_create.c src/parse/parse_drop.c \
	src/parse/parse_element.c src/parse/parse_expr.c src/parse/parse_impl.h src/parse/parse_object.c \
	src/parse/parse_pg.c src/parse/parse_primary.c src/parse/parse_role.c src/parse/parse_select.c \
	src/parse/parse_set.c src/parse/parse_statement.c src/parse/parse_statement_impl.h \
	src/parse/parse_storage.c src/parse/parse_table.c \
	src/parse/parse_type.c src/parse/parser.c src/parse/parser.h \
	src/parse/print.c src/parse/print.h src/parse/print_admin.c src/parse/print_alter.c src/parse/print_change.c \
	src/parse/print_command.c src/parse/print_create.c src/parse/print_element.c src/parse/print_expr.c \
	src/parse/print_expr_pg.c src/parse/print_impl.h src/parse/print_object.c src/parse/print_query.c \
	src/parse/print_type.c
PARSE_LIBS = libparse.a $(BASE_LIBS)
