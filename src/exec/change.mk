# SPDX-License-Identifier: Apache-2.0
libexec_a_SOURCES += \
	src/exec/change.c src/exec/change.h src/exec/lock_select.c src/exec/mutation.c src/exec/mutation.h src/exec/returning.c \
	src/exec/key_runs.c src/exec/key_runs.h src/exec/unique.c src/exec/unique.h src/exec/unique_key.c src/exec/unique_key.h src/exec/upsert.c
