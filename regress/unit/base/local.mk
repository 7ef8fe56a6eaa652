# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/base/base_test
regress_unit_base_base_test_SOURCES = regress/unit/base/base_test.c regress/unit/tap.h
regress_unit_base_base_test_LDADD = $(BASE_LIBS)
UNIT_TESTS += regress/unit/base/base_test
