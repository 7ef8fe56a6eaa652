# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libwirehttp.a
libwirehttp_a_SOURCES = \
	src/wire/http/http_impl.h src/wire/http/httpanswer.c src/wire/http/httpconn.c src/wire/http/httpconn.h src/wire/http/httpexternal.c \
	src/wire/http/httpread.c src/wire/http/httpsessions.c
