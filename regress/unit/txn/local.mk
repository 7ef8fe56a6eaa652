# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/txn/txn_test
regress_unit_txn_txn_test_SOURCES = regress/unit/txn/txn_test.c regress/unit/tap.h
regress_unit_txn_txn_test_LDADD = $(TXN_LIBS)
UNIT_TESTS += regress/unit/txn/txn_test
check_PROGRAMS += regress/unit/txn/row_set_test
regress_unit_txn_row_set_test_SOURCES = regress/unit/txn/row_set_test.c regress/unit/tap.h
regress_unit_txn_row_set_test_LDADD = $(TXN_LIBS)
UNIT_TESTS += regress/unit/txn/row_set_test
