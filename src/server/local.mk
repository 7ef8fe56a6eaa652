# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += hanzo-datastore
hanzo_datastore_SOURCES = \
	src/client/client.c src/client/client.h src/client/client_impl.h src/client/client_line.c \
	src/client/client_request.c src/server/accounts.c src/server/accounts.h \
	src/server/configure.c src/server/configure.h src/server/local.c src/server/local.h \
	src/server/main.c src/server/serve.c src/server/serve.h
# rooms from high to low
hanzo_datastore_LDADD = libwirehttp.a libwirenative.a libwirepg.a libengine.a libexec.a libplan.a libstorage.a libcatalog.a libfunc.a libkernel.a $(KERNEL_LEVEL_LIBS) \
	libtxn.a libparse.a libproto.a libformat.a libcolumn.a libio.a libbase.a $(EDIT_LIBS) $(SYSTEM_LIBS)
