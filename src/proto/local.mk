# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libproto.a
libproto_a_SOURCES = \
	src/proto/base64.c src/proto/base64.h \
	src/proto/http.c src/proto/http.h src/proto/httphead_impl.h \
	src/proto/httpbody.c \
	src/proto/httpenc.c src/proto/httpenc.h \
	src/proto/httpform.c src/proto/httpform.h \
	src/proto/httpwrite.c \
	src/proto/native.c src/proto/native.h \
	src/proto/pgclient.c src/proto/pgclient.h \
	src/proto/pgproto.c src/proto/pgproto.h src/proto/pgread_impl.h src/proto/pgrow.h \
	src/proto/saslprep.c src/proto/saslprep_impl.h \
	src/proto/scram.c src/proto/scram.h
PROTO_LIBS = libproto.a $(BASE_LIBS)
