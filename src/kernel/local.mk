# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libkernel.a
libkernel_a_SOURCES = \
	src/kernel/kernel.c src/kernel/kernel.h src/kernel/kernel_impl.h \
	src/kernel/kernel_cast.inc \
	src/kernel/kernel_checked.inc \
	src/kernel/kernel_level.c \
	src/kernel/kernel_op.inc \
	src/kernel/kernel_type.inc \
	src/kernel/kernel_wide.c src/kernel/kernel_wide.inc src/kernel/kernel_wide_cast.inc \
	src/kernel/kernel_width.inc
KERNEL_LEVEL_LIBS =
if X86_LEVELS
noinst_LIBRARIES += libkernel_avx2.a libkernel_avx512.a
libkernel_avx2_a_SOURCES = src/kernel/kernel_level.c
libkernel_avx2_a_CFLAGS = $(AM_CFLAGS) -mavx2 -mbmi -mbmi2 -mlzcnt -mpopcnt -DKERNEL_LEVEL=avx2 -DKERNEL_CPU=CPU_AVX2
libkernel_avx512_a_SOURCES = src/kernel/kernel_level.c
libkernel_avx512_a_CFLAGS = $(AM_CFLAGS) -mavx2 -mbmi -mbmi2 -mlzcnt -mpopcnt -mavx512f -mavx512bw -mavx512dq \
	-mavx512vl -DKERNEL_LEVEL=avx512 -DKERNEL_CPU=CPU_AVX512
KERNEL_LEVEL_LIBS += libkernel_avx2.a libkernel_avx512.a
endif
KERNEL_LIBS = libkernel.a $(KERNEL_LEVEL_LIBS) $(COLUMN_LIBS)
