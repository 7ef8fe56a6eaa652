# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libcatalog.a
libcatalog_a_SOURCES = \
	src/catalog/settings.c src/catalog/settings.h src/catalog/settings.def src/catalog/settings_impl.h \
	src/catalog/settings_compat_a.def src/catalog/settings_compat_b.def src/catalog/settings_value.c
EXTRA_DIST += src/catalog/README.md
CATALOG_LIBS = libcatalog.a $(TXN_LIBS)
