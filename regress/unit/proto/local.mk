# SPDX-License-Identifier: Apache-2.0
PROTO_TESTS = regress/unit/proto/pgproto_test regress/unit/proto/scram_test regress/unit/proto/http_test \
	regress/unit/proto/httpform_test regress/unit/proto/httpenc_test regress/unit/proto/native_test
check_PROGRAMS += $(PROTO_TESTS)
UNIT_TESTS += $(PROTO_TESTS)
regress_unit_proto_pgproto_test_SOURCES = regress/unit/proto/pgproto_test.c regress/unit/proto/mutate.h
regress_unit_proto_pgproto_test_LDADD = $(PROTO_LIBS)
regress_unit_proto_scram_test_SOURCES = regress/unit/proto/scram_test.c regress/unit/proto/mutate.h
regress_unit_proto_scram_test_LDADD = $(PROTO_LIBS)
regress_unit_proto_http_test_SOURCES = regress/unit/proto/http_test.c regress/unit/proto/mutate.h
regress_unit_proto_http_test_LDADD = $(PROTO_LIBS)
regress_unit_proto_httpform_test_SOURCES = regress/unit/proto/httpform_test.c regress/unit/proto/mutate.h
regress_unit_proto_httpform_test_LDADD = $(PROTO_LIBS)
regress_unit_proto_httpenc_test_SOURCES = regress/unit/proto/httpenc_test.c regress/unit/proto/mutate.h
regress_unit_proto_httpenc_test_LDADD = $(PROTO_LIBS)
regress_unit_proto_native_test_SOURCES = regress/unit/proto/native_test.c regress/unit/proto/mutate.h
regress_unit_proto_native_test_LDADD = $(PROTO_LIBS)
