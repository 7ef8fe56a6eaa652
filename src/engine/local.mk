# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libengine.a
libengine_a_SOURCES = \
	src/engine/file_function.c src/engine/random_function.c src/engine/table_functions.c src/engine/table_functions.h \
	src/engine/engine.c src/engine/engine.h src/engine/insert_claims.c src/engine/insert_claims.h \
	src/engine/memory.c src/engine/memory.h \
	src/engine/mergetree.c src/engine/mergetree.h src/engine/mergetree_flush.c src/engine/mergetree_impl.h \
	src/engine/mergetree_insert.c src/engine/mergetree_orphans.c \
	src/engine/mergetree_merges.c src/engine/mergetree_partition.c src/engine/mergetree_pressure.c src/engine/mergetree_rows.c \
	src/engine/view.c src/engine/view.h \
	src/engine/system/pg.c src/engine/system/information_schema.def src/engine/system/pg_columns.def \
	src/engine/system/pg_impl.h src/engine/system/pg_objects.c \
	src/engine/system/rows.c src/engine/system/rows.h \
	src/engine/system/storage_tables.c src/engine/system/tables.c
