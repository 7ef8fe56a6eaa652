# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libcatalog.a
libcatalog_a_SOURCES = \
	src/catalog/archive.c \
	src/catalog/catalog.c src/catalog/catalog.h src/catalog/catalog_impl.h \
	src/catalog/catalog_change.c \
	src/catalog/config.c src/catalog/config.h \
	src/catalog/entry.c \
	src/catalog/merge_tree_settings.c src/catalog/merge_tree_settings.def \
	src/catalog/objects.c src/catalog/objects.h \
	src/catalog/registry.c src/catalog/table_function.h \
	src/catalog/role.c \
	src/catalog/scan_request.h \
	src/catalog/sequence.c \
	src/catalog/settings.c src/catalog/settings.h src/catalog/settings.def src/catalog/settings_impl.h \
	src/catalog/settings_compat_a.def src/catalog/settings_compat_b.def src/catalog/settings_value.c \
	src/catalog/system.c \
	src/catalog/table_def.c src/catalog/column_note.c src/catalog/column_note.h src/catalog/partition_command.h src/catalog/table.h \
	src/catalog/version.c
CATALOG_LIBS = libcatalog.a libtxn.a $(COLUMN_LIBS)
