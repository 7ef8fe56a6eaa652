# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libengine.a
libengine_a_SOURCES = \
	src/engine/engine.c src/engine/engine.h src/engine/memory.c src/engine/memory.h
EXTRA_DIST += src/engine/README.md
ENGINE_LIBS = libengine.a $(EXEC_LIBS)
