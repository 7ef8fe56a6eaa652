# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/storage/part_test regress/unit/storage/table_test
regress_unit_storage_part_test_SOURCES = regress/unit/storage/part_test.c regress/unit/tap.h
regress_unit_storage_part_test_LDADD = $(STORAGE_LIBS)
UNIT_TESTS += regress/unit/storage/part_test regress/unit/storage/table_test
regress_unit_storage_table_test_SOURCES = regress/unit/storage/table_test.c regress/unit/tap.h
regress_unit_storage_table_test_LDADD = $(STORAGE_LIBS)
