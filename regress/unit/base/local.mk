# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	regress/unit/base/base_test regress/unit/base/fpconv_test regress/unit/base/hash_test \
	regress/unit/base/sort_test regress/unit/base/timezone_test regress/unit/base/wide_test
regress_unit_base_base_test_SOURCES = regress/unit/base/base_test.c regress/unit/tap.h
regress_unit_base_base_test_LDADD = $(BASE_LIBS)
regress_unit_base_fpconv_test_SOURCES = regress/unit/base/fpconv_test.c regress/unit/tap.h
regress_unit_base_fpconv_test_LDADD = $(BASE_LIBS)
regress_unit_base_hash_test_SOURCES = regress/unit/base/hash_test.c regress/unit/tap.h
regress_unit_base_hash_test_LDADD = $(BASE_LIBS)
regress_unit_base_sort_test_SOURCES = regress/unit/base/sort_test.c regress/unit/tap.h
regress_unit_base_sort_test_LDADD = $(BASE_LIBS)
regress_unit_base_timezone_test_SOURCES = regress/unit/base/timezone_test.c regress/unit/tap.h
regress_unit_base_timezone_test_LDADD = $(BASE_LIBS)
regress_unit_base_wide_test_SOURCES = regress/unit/base/wide_test.c regress/unit/tap.h
regress_unit_base_wide_test_LDADD = $(BASE_LIBS)
UNIT_TESTS += \
	regress/unit/base/base_test regress/unit/base/fpconv_test regress/unit/base/hash_test \
	regress/unit/base/sort_test regress/unit/base/timezone_test regress/unit/base/wide_test
