# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libwirenative.a
libwirenative_a_SOURCES = \
	src/wire/native/native_impl.h src/wire/native/nativeconn.c src/wire/native/nativeconn.h \
	src/wire/native/nativequery.c src/wire/native/nativeread.c src/wire/native/nativewrite.c
