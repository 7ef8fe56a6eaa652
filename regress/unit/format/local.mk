# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/format/format_test
regress_unit_format_format_test_SOURCES = regress/unit/format/format_test.c regress/unit/tap.h
regress_unit_format_format_test_LDADD = $(FORMAT_LIBS) $(SYSTEM_LIBS)
UNIT_TESTS += regress/unit/format/format_test
