# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/parse/parse_test
regress_unit_parse_parse_test_SOURCES = regress/unit/parse/parse_test.c regress/unit/tap.h
regress_unit_parse_parse_test_LDADD = $(PARSE_LIBS)
UNIT_TESTS += regress/unit/parse/parse_test
