#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small HTTP face for the embedded ClickHouse engine (libchdb.so), so that the runner of SQL cases can ask it.

  ch_http.py LIBCHDB_SO [PORT_FILE]
Listens on a free loopback port, prints it (and writes it to PORT_FILE), answers POST /?database=…&setting=… with the
result in TabSeparated or the statement's own FORMAT, and errors with status 500. One request at a time. CREATE DATABASE
puts settings back to their defaults: a new case begins.
"""
import ctypes as C
import http.server
import re
import sys
import urllib.parse


class Engine:
    def __init__(self, path):
        lib = self.lib = C.CDLL(path)
        lib.chdb_connect.restype = C.POINTER(C.c_void_p)
        lib.chdb_connect.argtypes = [C.c_int, C.POINTER(C.c_char_p)]
        lib.chdb_query_n.restype = C.c_void_p
        lib.chdb_query_n.argtypes = [C.c_void_p, C.c_char_p, C.c_size_t, C.c_char_p, C.c_size_t]
        for name, kind in (("buffer", C.c_void_p), ("length", C.c_size_t), ("error", C.c_char_p)):
            f = getattr(lib, "chdb_result_" + name)
            f.restype, f.argtypes = kind, [C.c_void_p]
        lib.chdb_destroy_query_result.argtypes = [C.c_void_p]
        argv = (C.c_char_p * 1)(b"clickhouse")
        self.conn = lib.chdb_connect(1, argv)
        self.changed = set()

    def run(self, sql, fmt=b"TabSeparated"):
        """(ok, bytes)"""
        q = sql if isinstance(sql, bytes) else sql.encode()
        r = self.lib.chdb_query_n(self.conn[0], q, len(q), fmt, len(fmt))
        try:
            err = self.lib.chdb_result_error(r)
            if err:
                return False, err
            n = self.lib.chdb_result_length(r)
            return True, C.string_at(self.lib.chdb_result_buffer(r), n) if n else b""
        finally:
            self.lib.chdb_destroy_query_result(r)

    def set(self, name, value):
        self.changed.add(name)
        return self.run("SET %s = '%s'" % (name, value.replace("\\", "\\\\").replace("'", "\\'")))

    def reset(self):
        for name in self.changed:
            if not name.startswith("param_"):
                self.run("SET %s = DEFAULT" % name)
        self.changed.clear()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        args = urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query, keep_blank_values=True)
        good, out, fmt = True, b"", b"TabSeparated"
        if re.match(rb"\s*CREATE\s+DATABASE\s+c_", body):
            engine.run("USE default")
            engine.reset()
        for name, value in args:
            if good and name == "database":
                good, out = engine.run("USE " + value)
            elif name == "default_format":
                fmt = value.encode()
            elif good and name != "session_id":
                good, out = engine.set(name, value)
        for name in re.findall(r"(?:^\s*SET\s+|,\s*)(\w+)\s*=", body.decode("utf-8", "replace"), re.I) if body.lstrip()[:4].upper() == b"SET " else ():
            engine.changed.add(name)
        if good:
            good, out = engine.run(body, fmt)
        self.send_response(200 if good else 500)
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, *args):
        pass


engine = Engine(sys.argv[1])
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    with open(sys.argv[2], "w") as f:
        f.write("%d\n" % server.server_port)
print(server.server_port, flush=True)
server.serve_forever()
