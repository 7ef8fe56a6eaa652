# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/storage/delta_test regress/unit/storage/part_test regress/unit/storage/table_test
regress_unit_storage_delta_test_SOURCES = regress/unit/storage/delta_test.c regress/unit/storage/table_fixture.h \
	regress/unit/storage/table_merge.h regress/unit/tap.h
regress_unit_storage_delta_test_LDADD = $(STORAGE_LIBS)
regress_unit_storage_part_test_SOURCES = regress/unit/storage/part_test.c regress/unit/tap.h
regress_unit_storage_part_test_LDADD = $(STORAGE_LIBS)
UNIT_TESTS += regress/unit/storage/delta_test regress/unit/storage/part_test regress/unit/storage/table_test
regress_unit_storage_table_test_SOURCES = regress/unit/storage/table_test.c regress/unit/storage/table_fixture.h \
	regress/unit/storage/table_merge.h regress/unit/tap.h
regress_unit_storage_table_test_LDADD = $(STORAGE_LIBS)
