# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libstorage.a
libstorage_a_SOURCES = \
	src/storage/block_part.c \
	src/storage/block_part.h \
	src/storage/condition.c \
	src/storage/condition.h \
	src/storage/condition_check.c \
	src/storage/dict_writer.c \
	src/storage/dict_writer.h \
	src/storage/final_scan.c \
	src/storage/final_scan.h \
	src/storage/key_text.c \
	src/storage/key_text.h \
	src/storage/merge_choice.c \
	src/storage/merge_choice.h \
	src/storage/merge_column.c \
	src/storage/merge_column.h src/storage/merge_distinct.c \
	src/storage/merge_rows.c \
	src/storage/merge_rows.h \
	src/storage/merge_source.c \
	src/storage/merge_source.h \
	src/storage/monotonic.c \
	src/storage/monotonic.h \
	src/storage/part.c \
	src/storage/part.h \
	src/storage/part_extras.c \
	src/storage/part_files.c \
	src/storage/part_files.h \
	src/storage/part_info.c \
	src/storage/part_info.h \
	src/storage/part_load.c \
	src/storage/part_merge.c \
	src/storage/part_merge.h \
	src/storage/part_name.c \
	src/storage/part_name.h \
	src/storage/part_reader.c \
	src/storage/part_reader.h \
	src/storage/part_set.c \
	src/storage/part_set.h \
	src/storage/part_source.c \
	src/storage/part_source.h \
	src/storage/part_writer.c \
	src/storage/part_writer.h \
	src/storage/scan_ranges.c \
	src/storage/scan_ranges.h \
	src/storage/serial.c \
	src/storage/serial.h \
	src/storage/serial_read.c \
	src/storage/serial_write.c \
	src/storage/skip_filter.c \
	src/storage/skip_filter.h \
	src/storage/skip_index.c \
	src/storage/skip_index.h \
	src/storage/skip_read.c \
	src/storage/skip_read.h \
	src/storage/sort_rows.c \
	src/storage/sort_rows.h \
	src/storage/stream_name.c \
	src/storage/stream_name.h \
	src/storage/table_keys.c \
	src/storage/table_keys.h \
	src/storage/table_scan.c \
	src/storage/table_scan.h \
	src/storage/ttl.c \
	src/storage/ttl.h \
	src/storage/value_binary.c \
	src/storage/value_binary.h
EXTRA_DIST += src/storage/README.md
STORAGE_LIBS = libstorage.a libcatalog.a libfunc.a libkernel.a $(KERNEL_LEVEL_LIBS) libparse.a libtxn.a $(COLUMN_LIBS)
