# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/exec/ddl_test
regress_unit_exec_ddl_test_SOURCES = regress/unit/exec/ddl_test.c regress/unit/tap.h
regress_unit_exec_ddl_test_LDADD = $(EXEC_LIBS)
UNIT_TESTS += regress/unit/exec/ddl_test
