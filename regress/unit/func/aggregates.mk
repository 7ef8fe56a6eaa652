# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/func/aggregate_test
regress_unit_func_aggregate_test_SOURCES = regress/unit/func/aggregate_test.c regress/unit/func/aggregate_cases.def \
	regress/unit/func/func_test.h regress/unit/tap.h
regress_unit_func_aggregate_test_LDADD = $(FUNC_LIBS)
UNIT_TESTS += regress/unit/func/aggregate_test
