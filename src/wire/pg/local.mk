# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libwirepg.a
libwirepg_a_SOURCES = \
	src/wire/pg/pgcancel.c src/wire/pg/pgcancel.h \
	src/wire/pg/pgconn.c src/wire/pg/pgconn.h src/wire/pg/pgconn_impl.h \
	src/wire/pg/pgcopy.c \
	src/wire/pg/pgcursor.c \
	src/wire/pg/pgextended.c \
	src/wire/pg/pgparam.c \
	src/wire/pg/pgportal.c \
	src/wire/pg/pgquery.c \
	src/wire/pg/pgresult.c \
	src/wire/pg/pgstartup.c
WIRE_PG_LIBS = libwirepg.a libparse.a libproto.a libformat.a libcolumn.a $(IO_LIBS)
