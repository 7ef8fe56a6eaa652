# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libtxn.a
libtxn_a_SOURCES = \
	src/txn/commit.c \
	src/txn/cursor.h src/txn/data_format.c src/txn/data_format.h \
	src/txn/locks.c src/txn/locks.h \
	src/txn/manifest.c \
	src/txn/recovery.c \
	src/txn/root.c src/txn/root.h \
	src/txn/row_set.c src/txn/row_set.h \
	src/txn/txn.c src/txn/txn.h src/txn/txn_impl.h \
	src/txn/txn_manager.c \
	src/txn/wal.c src/txn/wal.h
TXN_LIBS = libtxn.a $(IO_LIBS)
