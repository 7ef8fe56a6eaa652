#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Statements from standard input on a directory of the embedded ClickHouse engine; results in TabSeparated.

  ch_sql.py LIBCHDB_SO DIR < FILE      a statement ends with a line that ends in `;`; the first error ends it with status 1
"""
import ctypes as C
import sys

lib = C.CDLL(sys.argv[1])
lib.chdb_connect.restype = C.POINTER(C.c_void_p)
lib.chdb_query_n.restype = C.c_void_p
lib.chdb_query_n.argtypes = [C.c_void_p, C.c_char_p, C.c_size_t, C.c_char_p, C.c_size_t]
for name, kind in (("buffer", C.c_void_p), ("length", C.c_size_t), ("error", C.c_char_p)):
    getattr(lib, "chdb_result_" + name).restype = kind
    getattr(lib, "chdb_result_" + name).argtypes = [C.c_void_p]
lib.chdb_destroy_query_result.argtypes = [C.c_void_p]
lib.chdb_close_conn.argtypes = [C.POINTER(C.c_void_p)]
conn = lib.chdb_connect(2, (C.c_char_p * 2)(b"clickhouse", b"--path=" + sys.argv[2].encode()))
status, text = 0, ""
for line in sys.stdin:
    text += line
    if not line.rstrip().endswith(";"):
        continue
    q = text.encode()
    text = ""
    r = lib.chdb_query_n(conn[0], q, len(q), b"TabSeparated", 12)
    error = lib.chdb_result_error(r)
    if error:
        sys.stderr.write(error.decode("utf-8", "replace") + "\n")
        status = 1
    else:
        n = lib.chdb_result_length(r)
        sys.stdout.buffer.write(C.string_at(lib.chdb_result_buffer(r), n) if n else b"")
        sys.stdout.buffer.flush()
    lib.chdb_destroy_query_result(r)
    if status:
        break
lib.chdb_close_conn(conn)
sys.exit(status)
