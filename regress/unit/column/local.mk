# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	regress/unit/column/numeric_test regress/unit/column/pginterval_test regress/unit/column/type_test \
	regress/unit/column/vector_test
regress_unit_column_numeric_test_SOURCES = regress/unit/column/numeric_test.c regress/unit/column/numeric_cases.def regress/unit/tap.h
regress_unit_column_numeric_test_LDADD = libcolumn.a $(BASE_LIBS)
regress_unit_column_pginterval_test_SOURCES = regress/unit/column/pginterval_test.c regress/unit/tap.h
regress_unit_column_pginterval_test_LDADD = libcolumn.a $(BASE_LIBS)
regress_unit_column_type_test_SOURCES = regress/unit/column/type_test.c regress/unit/tap.h
regress_unit_column_type_test_LDADD = libcolumn.a $(BASE_LIBS)
regress_unit_column_vector_test_SOURCES = regress/unit/column/vector_test.c regress/unit/tap.h
regress_unit_column_vector_test_LDADD = libcolumn.a $(BASE_LIBS)
UNIT_TESTS += \
	regress/unit/column/numeric_test regress/unit/column/pginterval_test regress/unit/column/type_test \
	regress/unit/column/vector_test
check_PROGRAMS += regress/unit/column/value_test regress/unit/column/value_pg_test regress/unit/column/datetime_test
regress_unit_column_value_test_SOURCES = regress/unit/column/value_test.c regress/unit/column/value_cases.def \
	regress/unit/tap.h
regress_unit_column_value_test_LDADD = libcolumn.a $(BASE_LIBS)
regress_unit_column_value_pg_test_SOURCES = regress/unit/column/value_pg_test.c regress/unit/column/value_pg_cases.def \
	regress/unit/tap.h
regress_unit_column_value_pg_test_LDADD = libcolumn.a $(BASE_LIBS)
regress_unit_column_datetime_test_SOURCES = regress/unit/column/datetime_test.c regress/unit/tap.h
regress_unit_column_datetime_test_LDADD = libcolumn.a $(BASE_LIBS)
UNIT_TESTS += regress/unit/column/value_test regress/unit/column/value_pg_test regress/unit/column/datetime_test
