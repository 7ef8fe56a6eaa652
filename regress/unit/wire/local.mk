# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/wire/pgconn_test
UNIT_TESTS += regress/unit/wire/pgconn_test
regress_unit_wire_pgconn_test_SOURCES = regress/unit/wire/pgconn_test.c regress/unit/wire/fake_session.c \
	regress/unit/wire/fake_session.h regress/unit/proto/mutate.h
regress_unit_wire_pgconn_test_LDADD = $(WIRE_PG_LIBS)
