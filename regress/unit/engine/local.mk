# SPDX-License-Identifier: Apache-2.0
ENGINE_TEST_LIBS = libengine.a libexec.a libplan.a libstorage.a libcatalog.a libfunc.a libkernel.a $(KERNEL_LEVEL_LIBS) \
	libtxn.a libparse.a libproto.a libformat.a libcolumn.a libio.a libbase.a $(SYSTEM_LIBS)
ENGINE_TEST_SOURCES = \
	regress/unit/engine/memfs.c regress/unit/engine/memfs.h regress/unit/engine/sql_run.c regress/unit/engine/sql_run.h \
	regress/unit/tap.h
check_PROGRAMS += regress/unit/engine/replay_test
regress_unit_engine_replay_test_SOURCES = regress/unit/engine/replay_test.c \
	regress/unit/engine/disk.c regress/unit/engine/disk.h \
	regress/unit/engine/replay_others.c \
	regress/unit/engine/replay_work.c regress/unit/engine/replay_work.h \
	regress/unit/engine/replay_world.c regress/unit/engine/replay_world.h $(ENGINE_TEST_SOURCES)
regress_unit_engine_replay_test_LDADD = $(ENGINE_TEST_LIBS)
UNIT_TESTS += regress/unit/engine/replay_test
check_PROGRAMS += regress/unit/engine/faults_test
UNIT_TESTS += regress/unit/engine/faults_test
regress_unit_engine_faults_test_SOURCES = regress/unit/engine/faults_test.c $(ENGINE_TEST_SOURCES)
regress_unit_engine_faults_test_LDADD = $(ENGINE_TEST_LIBS)
