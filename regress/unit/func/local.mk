# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += regress/unit/func/function_test
regress_unit_func_function_test_SOURCES = regress/unit/func/function_test.c regress/unit/func/func_test.h regress/unit/tap.h
regress_unit_func_function_test_LDADD = $(FUNC_LIBS)
UNIT_TESTS += regress/unit/func/function_test
include $(top_srcdir)/regress/unit/func/aggregates.mk

check_PROGRAMS += regress/unit/func/examples_test
regress_unit_func_examples_test_SOURCES = regress/unit/func/examples_test.c regress/unit/func/eval_text.h \
	regress/unit/func/func_test.h regress/unit/tap.h
regress_unit_func_examples_test_LDADD = $(PLAN_LIBS)
UNIT_TESTS += regress/unit/func/examples_test

check_PROGRAMS += regress/unit/func/answers_test
regress_unit_func_answers_test_SOURCES = regress/unit/func/answers_test.c regress/unit/func/answers.def \
	regress/unit/func/eval_text.h regress/unit/func/func_test.h regress/unit/tap.h
regress_unit_func_answers_test_LDADD = $(PLAN_LIBS)
UNIT_TESTS += regress/unit/func/answers_test

check_PROGRAMS += regress/unit/func/cast_test
regress_unit_func_cast_test_SOURCES = regress/unit/func/cast_test.c regress/unit/func/func_test.h regress/unit/tap.h
regress_unit_func_cast_test_LDADD = $(FUNC_LIBS)
UNIT_TESTS += regress/unit/func/cast_test
