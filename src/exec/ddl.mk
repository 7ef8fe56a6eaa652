# SPDX-License-Identifier: Apache-2.0
libexec_a_SOURCES += \
	src/exec/ddl.c src/exec/ddl.h src/exec/ddl_impl.h \
	src/exec/ddl_alter.c src/exec/ddl_alter_column.c src/exec/ddl_column.c src/exec/ddl_database.c src/exec/ddl_domain.c src/exec/ddl_drop.c \
	src/exec/ddl_index.c src/exec/ddl_name.c src/exec/ddl_object.c src/exec/ddl_partition.c src/exec/ddl_role.c \
	src/exec/ddl_check.c src/exec/ddl_services.c src/exec/ddl_show.c src/exec/ddl_table.c src/exec/ddl_text.c src/exec/ddl_unique.c \
	src/exec/ddl_view.c
