# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libio.a
libio_a_SOURCES = \
	src/io/bitstream.h \
	src/io/cache.c src/io/cache.h \
	src/io/codec.c src/io/codec.h src/io/codec_impl.h src/io/codecs.def \
	src/io/codec_delta.c src/io/codec_delta_tmpl.h \
	src/io/codec_fpc.c src/io/codec_fpc_tmpl.h \
	src/io/codec_gcd.c src/io/codec_gcd_tmpl.h \
	src/io/codec_series.c src/io/codec_series_tmpl.h \
	src/io/codec_t64.c src/io/codec_t64_tmpl.h \
	src/io/codec_text.c \
	src/io/elastic.c src/io/elastic.h \
	src/io/file.c src/io/file.h src/io/file_impl.h src/io/file_ops.h \
	src/io/file_path.c \
	src/io/file_stream.c src/io/file_stream.h src/io/sink.h \
	src/io/file_system.c \
	src/io/frame.c src/io/frame.h \
	src/io/frame_reader.c \
	src/io/latch.c src/io/latch.h \
	src/io/loop.c src/io/loop.h \
	src/io/pool.c src/io/pool.h \
	src/io/sock.c src/io/sock.h src/io/sock_impl.h \
	src/io/sock_addr.c \
	src/io/stream_hash.c src/io/stream_hash.h \
	src/io/temp_file.c src/io/temp_file.h src/io/temp_purposes.def \
	src/io/tls.c src/io/tls.h
IO_LIBS = libio.a $(BASE_LIBS)
