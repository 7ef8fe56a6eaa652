# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/kernel/kernel_test
regress_unit_kernel_kernel_test_SOURCES = regress/unit/kernel/kernel_test.c regress/unit/tap.h
regress_unit_kernel_kernel_test_LDADD = $(KERNEL_LIBS)
UNIT_TESTS += regress/unit/kernel/kernel_test
