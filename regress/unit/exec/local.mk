# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/exec/operators_test
regress_unit_exec_operators_test_SOURCES = regress/unit/exec/operators_test.c regress/unit/tap.h
regress_unit_exec_operators_test_LDADD = libexec.a $(FUNC_LIBS)
UNIT_TESTS += regress/unit/exec/operators_test
