# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/io/file_test regress/unit/io/codec_test regress/unit/io/frame_test \
	regress/unit/io/pool_test regress/unit/io/cache_test regress/unit/io/sock_test regress/unit/io/loop_test \
	regress/unit/io/temp_file_test
regress_unit_io_file_test_SOURCES = regress/unit/io/file_test.c regress/unit/tap.h
regress_unit_io_file_test_LDADD = $(IO_LIBS)
regress_unit_io_codec_test_SOURCES = regress/unit/io/codec_test.c regress/unit/tap.h
regress_unit_io_codec_test_LDADD = $(IO_LIBS)
regress_unit_io_frame_test_SOURCES = regress/unit/io/frame_test.c regress/unit/tap.h
regress_unit_io_frame_test_LDADD = $(IO_LIBS)
regress_unit_io_pool_test_SOURCES = regress/unit/io/pool_test.c regress/unit/tap.h
regress_unit_io_pool_test_LDADD = $(IO_LIBS)
regress_unit_io_cache_test_SOURCES = regress/unit/io/cache_test.c regress/unit/tap.h
regress_unit_io_cache_test_LDADD = $(IO_LIBS)
regress_unit_io_sock_test_SOURCES = regress/unit/io/sock_test.c regress/unit/tap.h
regress_unit_io_sock_test_LDADD = $(IO_LIBS)
regress_unit_io_loop_test_SOURCES = regress/unit/io/loop_test.c regress/unit/tap.h
regress_unit_io_loop_test_LDADD = $(IO_LIBS)
regress_unit_io_temp_file_test_SOURCES = regress/unit/io/temp_file_test.c regress/unit/tap.h
regress_unit_io_temp_file_test_LDADD = $(IO_LIBS)
UNIT_TESTS += regress/unit/io/file_test regress/unit/io/codec_test regress/unit/io/frame_test \
	regress/unit/io/pool_test regress/unit/io/cache_test regress/unit/io/sock_test regress/unit/io/loop_test \
	regress/unit/io/temp_file_test
