# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	regress/unit/catalog/catalog_test regress/unit/catalog/config_test regress/unit/catalog/settings_test
regress_unit_catalog_catalog_test_SOURCES = regress/unit/catalog/catalog_test.c regress/unit/tap.h
regress_unit_catalog_catalog_test_LDADD = $(CATALOG_LIBS)
regress_unit_catalog_config_test_SOURCES = regress/unit/catalog/config_test.c regress/unit/tap.h
regress_unit_catalog_config_test_LDADD = $(CATALOG_LIBS)
regress_unit_catalog_settings_test_SOURCES = regress/unit/catalog/settings_test.c regress/unit/tap.h
regress_unit_catalog_settings_test_LDADD = $(CATALOG_LIBS)
UNIT_TESTS += \
	regress/unit/catalog/catalog_test regress/unit/catalog/config_test regress/unit/catalog/settings_test
include $(top_srcdir)/regress/unit/exec/ddl.mk
