# SPDX-License-Identifier: Apache-2.0
"""The engines that `make bench` compares, behind one method each:

    run(sql) -> (seconds, bytes)      wall time until the whole result is here; raises EngineError
    cpu() -> seconds                  CPU time of the engine's process so far

ClickHouse and DuckDB are libraries in this process; ours is spoken to over HTTP and over PostgreSQL's wire (libpq).
"""
import ctypes as C
import glob
import http.client
import os
import time
import urllib.parse


class EngineError(Exception):
    pass


def find_library(folder, name):
    hits = sorted(glob.glob(os.path.join(folder, "**", name), recursive=True))
    if not hits:
        raise EngineError("%s is not below %s: run bench/peers/install.sh" % (name, folder))
    return hits[0]


def declare(lib, table):
    for name, result, args in table:
        f = getattr(lib, name)
        f.restype, f.argtypes = result, args


def process_cpu(pid):
    return time.clock_gettime((~pid << 3) | 2)


class ClickHouse:
    """One directory per process at a time."""

    cpu = staticmethod(time.process_time)

    def __init__(self, folder, path, settings=()):
        lib = self.lib = C.CDLL(find_library(folder, "libchdb.so"))
        declare(lib, (("chdb_connect", C.POINTER(C.c_void_p), [C.c_int, C.POINTER(C.c_char_p)]),
                      ("chdb_query_n", C.c_void_p, [C.c_void_p, C.c_char_p, C.c_size_t, C.c_char_p, C.c_size_t]),
                      ("chdb_result_buffer", C.c_void_p, [C.c_void_p]), ("chdb_result_length", C.c_size_t, [C.c_void_p]),
                      ("chdb_result_error", C.c_char_p, [C.c_void_p]), ("chdb_destroy_query_result", None, [C.c_void_p]),
                      ("chdb_close_conn", None, [C.POINTER(C.c_void_p)])))
        os.makedirs(path, exist_ok=True)
        args = [b"clickhouse", b"--path=" + os.path.abspath(path).encode()]
        args += [("--%s=%s" % s).encode() for s in settings]
        self.conn = lib.chdb_connect(len(args), (C.c_char_p * len(args))(*args))
        if not self.conn:
            raise EngineError("chdb_connect failed")

    def run(self, sql, fmt=b"TSV"):
        q = sql.encode()
        begin = time.perf_counter()
        r = self.lib.chdb_query_n(self.conn[0], q, len(q), fmt, len(fmt))
        seconds = time.perf_counter() - begin
        try:
            error = self.lib.chdb_result_error(r)
            if error:
                raise EngineError(error.decode("utf-8", "replace").strip())
            n = self.lib.chdb_result_length(r)
            return seconds, C.string_at(self.lib.chdb_result_buffer(r), n) if n else b""
        finally:
            self.lib.chdb_destroy_query_result(r)

    def close(self):
        self.lib.chdb_close_conn(self.conn)


class DuckResult(C.Structure):
    _fields_ = [("columns", C.c_uint64), ("rows", C.c_uint64), ("changed", C.c_uint64), ("a", C.c_void_p), ("b", C.c_void_p),
                ("c", C.c_void_p)]


class Duck:
    cpu = staticmethod(time.process_time)
    UNPRINTABLE = (24, 25, 26, 27, 28, 33)     # LIST, STRUCT, MAP, UUID …: no text by this interface

    def __init__(self, folder, path, threads):
        lib = self.lib = C.CDLL(find_library(folder, "libduckdb.so"))
        lib.duckdb_query.argtypes = [C.c_void_p, C.c_char_p, C.POINTER(DuckResult)]
        declare(lib, (("duckdb_result_error", C.c_char_p, [C.POINTER(DuckResult)]), ("duckdb_free", None, [C.c_void_p]),
                      ("duckdb_row_count", C.c_uint64, [C.POINTER(DuckResult)]),
                      ("duckdb_column_count", C.c_uint64, [C.POINTER(DuckResult)]),
                      ("duckdb_value_varchar", C.c_void_p, [C.POINTER(DuckResult), C.c_uint64, C.c_uint64])))
        self.db, self.conn = C.c_void_p(), C.c_void_p()
        if lib.duckdb_open(path.encode(), C.byref(self.db)) or lib.duckdb_connect(self.db, C.byref(self.conn)):
            raise EngineError("cannot open " + path)
        self.run("SET threads = %d" % threads)

    def run(self, sql):
        r = DuckResult()
        begin = time.perf_counter()
        failed = self.lib.duckdb_query(self.conn, sql.encode(), C.byref(r))
        seconds = time.perf_counter() - begin
        try:
            if failed:
                raise EngineError((self.lib.duckdb_result_error(C.byref(r)) or b"?").decode("utf-8", "replace"))
            return seconds, self.text(r)
        finally:
            self.lib.duckdb_destroy_result(C.byref(r))

    def text(self, r):
        rows, columns = self.lib.duckdb_row_count(C.byref(r)), self.lib.duckdb_column_count(C.byref(r))
        if any(self.lib.duckdb_column_type(C.byref(r), C.c_uint64(c)) in self.UNPRINTABLE for c in range(columns)):
            return b"?\n" * rows
        out = []
        for i in range(min(rows, 10000)):
            cells = []
            for c in range(columns):
                p = self.lib.duckdb_value_varchar(C.byref(r), c, i)
                cells.append(C.string_at(p) if p else b"\\N")
                self.lib.duckdb_free(p)
            out.append(b"\t".join(cells) + b"\n")
        return b"".join(out)

    def close(self):
        self.lib.duckdb_disconnect(C.byref(self.conn))
        self.lib.duckdb_close(C.byref(self.db))


class Http:
    def __init__(self, port, settings=(), pid=None):
        self.port, self.settings, self.pid = port, dict(settings), pid or os.getpid()
        self.conn = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def post(self, query, body=None, **args):
        """The query alone, or in the address with a body (bytes or an open file)."""
        args = dict(self.settings, **args)
        if body is None:
            body = query.encode()
        else:
            args["query"] = query
        path = "/?" + urllib.parse.urlencode(args)
        for again in (isinstance(body, bytes), False): # the server has closed a connection that was idle for long
            begin = time.perf_counter()
            try:
                self.conn.request("POST", path, body, encode_chunked=not isinstance(body, bytes),
                                  headers={} if isinstance(body, bytes) else {"Transfer-Encoding": "chunked"})
                answer = self.conn.getresponse()
                text = answer.read()
                break
            except (OSError, http.client.HTTPException) as e:
                self.conn.close()
                if not again or not isinstance(e, ConnectionError):
                    raise EngineError("connection: %r" % e)
        seconds = time.perf_counter() - begin
        if answer.status != 200:
            raise EngineError(text.decode("utf-8", "replace").strip())
        return seconds, text

    run = post

    def cpu(self):
        return process_cpu(self.pid)

    def close(self):
        self.conn.close()


class Pg:
    def __init__(self, conninfo, pid=None):
        self.pid = pid or os.getpid()
        lib = self.lib = C.CDLL("libpq.so.5")
        declare(lib, (("PQconnectdb", C.c_void_p, [C.c_char_p]), ("PQstatus", C.c_int, [C.c_void_p]),
                      ("PQerrorMessage", C.c_char_p, [C.c_void_p]), ("PQexec", C.c_void_p, [C.c_void_p, C.c_char_p]),
                      ("PQresultStatus", C.c_int, [C.c_void_p]), ("PQresultErrorMessage", C.c_char_p, [C.c_void_p]),
                      ("PQntuples", C.c_int, [C.c_void_p]), ("PQnfields", C.c_int, [C.c_void_p]),
                      ("PQgetisnull", C.c_int, [C.c_void_p, C.c_int, C.c_int]),
                      ("PQgetvalue", C.c_char_p, [C.c_void_p, C.c_int, C.c_int]), ("PQclear", None, [C.c_void_p]),
                      ("PQfinish", None, [C.c_void_p])))
        self.conn = lib.PQconnectdb(conninfo.encode())
        if lib.PQstatus(self.conn) != 0:
            raise EngineError(lib.PQerrorMessage(self.conn).decode())

    def run(self, sql):
        begin = time.perf_counter()
        r = self.lib.PQexec(self.conn, sql.encode())
        seconds = time.perf_counter() - begin
        try:
            if self.lib.PQresultStatus(r) not in (1, 2):
                raise EngineError(self.lib.PQresultErrorMessage(r).decode("utf-8", "replace").strip())
            rows, columns = self.lib.PQntuples(r), self.lib.PQnfields(r)
            cell = lambda i, c: b"\\N" if self.lib.PQgetisnull(r, i, c) else self.lib.PQgetvalue(r, i, c)
            return seconds, b"".join(b"\t".join(cell(i, c) for c in range(columns)) + b"\n" for i in range(min(rows, 10000)))
        finally:
            self.lib.PQclear(r)

    def cpu(self):
        return process_cpu(self.pid)

    def close(self):
        self.lib.PQfinish(self.conn)
