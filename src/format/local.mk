# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libformat.a
libformat_a_SOURCES = \
	src/format/binary_impl.h src/format/cell_fast.h src/format/copy_format.c \
	src/format/format.c src/format/format.h src/format/format_impl.h src/format/formats.def \
	src/format/infer.c src/format/native_format.c src/format/native_scan.c src/format/native_scan.h \
	src/format/read_csv.c src/format/read_json.c src/format/read_tsv.c src/format/read_values.c \
	src/format/reader.c src/format/reader_impl.h src/format/row_binary.c src/format/scan.h \
	src/format/write_columns.c src/format/write_json.c src/format/write_marked.c \
	src/format/write_pretty.c src/format/write_rows.c src/format/write_text.c
FORMAT_LIBS = libformat.a $(COLUMN_LIBS)
