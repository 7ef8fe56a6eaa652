# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/bits.c src/base/bits.h \
	src/base/buffer.c src/base/buffer.h \
	src/base/civil.c \
	src/base/clock.c src/base/clock.h \
	src/base/cpu.c src/base/cpu.h \
	src/base/error.c src/base/error.h src/base/errors.def src/base/status.h \
	src/base/fault.c src/base/fault.h src/base/faults.def \
	src/base/fpconv.c src/base/fpconv.h \
	src/base/hash.c src/base/hash.h src/base/hash_seeded.h \
	src/base/log.c src/base/log.h \
	src/base/memtrack.c src/base/memtrack.h \
	src/base/sort.c src/base/sort.h src/base/sort_radix.h src/base/sort_template.h \
	src/base/str.c src/base/str.h \
	src/base/strbuf.c src/base/strbuf.h \
	src/base/strmap.c src/base/strmap.h \
	src/base/timezone.c src/base/timezone.h src/base/timezone_impl.h src/base/timezone_load.c \
	src/base/utf8.c src/base/utf8.h \
	src/base/wide.c src/base/wide.h
BASE_LIBS = libbase.a $(SYSTEM_LIBS)
