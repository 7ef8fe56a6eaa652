#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Side by side with the reference engines: ingestion, results out, HIP-0047's workload, size on disk, memory, and
workloads from a folder.

  make bench [ROWS=1000000] [WORKLOADS=DIR]      or bench.py --build DIR [--rows N] [--workloads DIR] [--only RE] …

Everything is on loopback, with two threads each, one engine at a time. The answers of all queries are compared first,
ties decided by ordering by every column. Then each query runs once cold and --hot times more; the tables have the least
wall and CPU milliseconds of the hot runs, and ours divided by theirs (of wall times 1 ms is added to both: a server is
compared with engines inside a process). A query is not repeated past --limit seconds, and nothing begins after
--minutes. The tables go to standard output and to WORK/results.md. Data and engines are kept in --work and used again.

A folder of workloads has, for each set NAME: gen_NAME.sql (ClickHouse statements that create table NAME and a view
gen_NAME of its rows, with {{ROWS}}), q_NAME_ch.tsv (name<TAB>query) and, where wanted, q_NAME_duck.tsv and q_NAME_pg.tsv.
"""
import argparse
import atexit
import math
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peers"))
from engines import ClickHouse, Duck, EngineError, Http, Pg, process_cpu

THREADS = 2
INGEST_ROWS_MAX = 1000000
CH_SETTINGS = (("max_threads", THREADS), ("max_insert_threads", 1), ("use_query_condition_cache", 0))
TODAY = "2026-06-01"     # the generator's, and what today() says in HIP-0047's queries


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default=".", help="build tree")
    p.add_argument("--rows", default="", help="events (default 1000000)")
    p.add_argument("--workloads", default="", help="folder of further workloads")
    p.add_argument("--work", help="where data, engines and results are kept (default BUILD/bench-work)")
    p.add_argument("--peers", help="folder of the reference engines (default WORK/peers)")
    p.add_argument("--hot", type=int, default=5)
    p.add_argument("--limit", type=float, default=20, help="seconds that the runs of one query may take together")
    p.add_argument("--minutes", type=float, default=150, help="nothing is begun after so many")
    p.add_argument("--only", default=".", help="regular expression over ingest, out, events, memory and workloads' names")
    p.add_argument("--no-ours", action="store_true", help="the reference engines alone")
    a = p.parse_args()
    a.rows = int(a.rows or 1000000)
    a.build = os.path.abspath(a.build)
    a.work = os.path.abspath(a.work or os.path.join(a.build, "bench-work"))
    a.peers = os.path.abspath(a.peers or os.path.join(a.work, "peers"))
    a.end = time.monotonic() + a.minutes * 60
    return a


def note(text):
    print("-- %s %s" % (time.strftime("%H:%M:%S"), text), file=sys.stderr, flush=True)


class Report:
    """Standard output and the file of results, at once and line by line."""
    file = None

    @classmethod
    def line(cls, text=""):
        print(text, flush=True)
        cls.file.write(text + "\n")
        cls.file.flush()


def report(text=""):
    Report.line(text)


def table(head, rows):
    report("| " + " | ".join(head) + " |")
    report("|---" + "|--:" * (len(head) - 1) + "|")
    for r in rows:
        report("| " + " | ".join(r) + " |")


def number(x, digits=1):
    return "%.*f" % (digits, x) if x is not None else "–"


def ratio(x, y, added=0.0):
    return "%.2f" % ((x + added) / (y + added)) if x is not None and y is not None and y + added > 0 else "–"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tree_size(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files)


class Server:
    """Our server on a directory of its own."""

    def __init__(self, a, name, keep=False):
        self.dir = os.path.join(a.work, "ours-" + name)
        if not keep:
            shutil.rmtree(self.dir, ignore_errors=True)
        self.pg_port, self.http_port = free_port(), free_port()
        self.log = open(os.path.join(a.work, "server-%s.log" % name), "wb")
        self.process = subprocess.Popen(
            [os.path.join(a.build, "hanzo-datastore"), "server", "--path", self.dir, "--listen", "127.0.0.1", "--pg-port",
             str(self.pg_port), "--http-port", str(self.http_port), "--native-port", "0"], stdout=self.log, stderr=self.log)
        self.pid = self.process.pid
        atexit.register(self.process.kill) # where a step fails
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.http_port), 1).close()
                break
            except OSError:
                if self.process.poll() is not None:
                    raise EngineError("the server did not start: see " + self.log.name)
                time.sleep(0.05)
        self.http = self.open_http()
        self.conninfo = "host=127.0.0.1 port=%d user=default dbname=default" % self.pg_port

    def open_http(self):
        return Http(self.http_port, {"max_threads": THREADS}.items(), self.pid)

    def open_pg(self, dialect=None):
        pg = Pg(self.conninfo, self.pid)
        pg.run("SET max_threads = %d" % THREADS)
        if dialect:
            pg.run("SET dialect = " + dialect)
        return pg

    def curl(self, query, source=os.devnull, post=True):
        """The query over HTTP by curl, whose reading and writing costs next to nothing: wall seconds, our CPU seconds."""
        cpu, begin = process_cpu(self.pid), time.perf_counter()
        command = ["curl", "-sS", "--fail-with-body", "-H", "Expect:", "-o", os.path.join(os.path.dirname(self.dir), "curl.out")]
        if post:
            command += ["-X", "POST", "-T", "-"] # a name would become part of the address
        else:
            command[-1] = os.devnull
        command += ["http://127.0.0.1:%d/?max_threads=%d&query=%s" % (self.http_port, THREADS, url_quote(query))]
        with open(source, "rb") as f:
            r = subprocess.run(command, stdin=f, stderr=subprocess.PIPE)
        seconds = time.perf_counter() - begin
        if r.returncode != 0:
            raise EngineError("%s: %s" % (query[:60], r.stderr.decode()[:200]))
        return seconds, process_cpu(self.pid) - cpu

    def psql(self, sql, stdin=None):
        """By psql, whose output goes nowhere."""
        cpu, begin = process_cpu(self.pid), time.perf_counter()
        r = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.conninfo, "-c", sql], stdin=stdin,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if r.returncode != 0:
            raise EngineError(r.stderr.decode()[:200])
        return time.perf_counter() - begin, process_cpu(self.pid) - cpu

    def rss_mb(self):
        for line in open("/proc/%d/status" % self.pid):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


def url_quote(text):
    return "".join(c if c.isalnum() else "%%%02X" % b for b in text.encode() for c in [chr(b)])


# ---------------------------------------------------------------- data
def statements(text):
    """Splits at semicolons outside quotes and comments."""
    out, current, i = [], [], 0
    for m in re.finditer(r"--[^\n]*|'(?:\\.|''|[^'\\])*'|\"[^\"]*\"|`[^`]*`|;", text):
        current.append(text[i:m.start()])
        i = m.end()
        if m.group() == ";":
            out.append("".join(current).strip())
            current = []
        elif not m.group().startswith("--"):
            current.append(m.group())
    current.append(text[i:])
    out.append("".join(current).strip())
    return [s for s in out if s]


def schema(plain):
    """HIP-0047's statements; `plain` as ClickHouse takes them on one machine: no ON CLUSTER, no replication, no reading
    of states as values."""
    text = open(os.path.join(HERE, "..", "sql", "hanzo", "hip-0047.sql")).read()
    if plain:
        text = text.replace("ON CLUSTER '{cluster}'", "").replace(", finalize_on_read = 1", "")
        text = re.sub(r"Replicated(\w*MergeTree)\(\s*'[^']*',\s*'[^']*'\s*\)", r"\1", text)
        text = re.sub(r"\n    dateDiff\('second', min\(timestamp\),\s*max\(timestamp\)\)\s*AS duration_seconds,", "", text)
        text = re.sub(r"(argMin|argMax)\((?=\w+, timestamp)", r"\1State(", text)
        text = text.replace("uniqHLL12(distinct_id)", "uniqHLL12State(distinct_id)")
    return statements(text)


def events_table(name):
    return schema(True)[0].replace("EXISTS events", "EXISTS " + name, 1)


def columns_of(a):
    return subprocess.run([os.path.join(a.build, "bench", "hanzo-gen-events"), "--columns"], stdout=subprocess.PIPE,
                          check=True).stdout.decode().strip()


def make_file(a, rows, fmt):
    """The generator's rows in a file, which is kept."""
    folder = os.path.join(a.work, "data-%d" % rows)
    path = os.path.join(folder, "events." + fmt)
    if os.path.exists(path):
        return path
    os.makedirs(folder, exist_ok=True)
    note("generating " + path)
    if fmt in ("json", "csv", "tsv"):
        with open(path + ".part", "wb") as f:
            subprocess.run([os.path.join(a.build, "bench", "hanzo-gen-events"), "--rows", str(rows), "--format", fmt,
                            "--now", TODAY], stdout=f, check=True)
    else:
        source = make_file(a, rows, "tsv")
        ch = ClickHouse(a.peers, os.path.join(a.work, "scratch"), CH_SETTINGS)
        ch.run("DROP TABLE IF EXISTS n SYNC")
        ch.run(events_table("n").replace("PARTITION BY toYYYYMM(timestamp)", ""))
        name = {"native": "Native", "rowbinary": "RowBinary", "values": "Values"}[fmt]
        ch.run("INSERT INTO FUNCTION file('%s', '%s', '%s') SELECT * FROM file('%s', 'TSV', '%s') "
               "SETTINGS engine_file_truncate_on_insert = 1" % (path + ".part", name, structure(ch), source, structure(ch)))
        ch.run("DROP TABLE n SYNC")
        ch.close()
    os.rename(path + ".part", path)
    return path


def structure(ch, name="n"):
    rows = ch.run("DESCRIBE TABLE " + name)[1].decode().split("\n")
    return ", ".join("%s %s" % tuple(r.split("\t")[:2]) for r in rows if r).replace("\\'", "'").replace("'", "\\'")


# ---------------------------------------------------------------- ingestion
INGEST = (("JSONEachRow", "json", "JSONEachRow"), ("CSV", "csv", "CSV"), ("TSV", "tsv", "TSV"), ("Native", "native", "Native"),
          ("RowBinary", "rowbinary", "RowBinary"), ("Values", "values", "Values"), ("COPY", "tsv", None))


def part_bytes(engine, name):
    engine.run("OPTIMIZE TABLE %s FINAL" % name)
    return int(engine.run("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = '%s'" % name)[1])


def ingest_ours(a, rows, out):
    server = Server(a, "ingest")
    for kind, file, fmt in INGEST:
        name, path = "t_" + kind.lower(), make_file(a, rows, file)
        try:
            server.http.run(events_table(name))
            if fmt:
                seconds, cpu = server.curl("INSERT INTO %s FORMAT %s" % (name, fmt), path)
            else:
                with open(path, "rb") as f:
                    seconds, cpu = server.psql("COPY %s (%s) FROM STDIN" % (name, columns_of(a)), f)
            found = int(server.http.run("SELECT count() FROM " + name)[1])
            if found != rows:
                raise EngineError("%d rows of %d" % (found, rows))
            out[kind]["ours"] = (rows / seconds, rows / cpu, part_bytes(server.http, name) / rows)
            server.http.run("DROP TABLE " + name)
        except EngineError as e:
            note("ours, %s: %s" % (kind, str(e)[:200]))
    server.close()
    shutil.rmtree(server.dir, ignore_errors=True)


def ingest_clickhouse(a, rows, out):
    path = os.path.join(a.work, "ch-ingest")
    shutil.rmtree(path, ignore_errors=True)
    ch = ClickHouse(a.peers, path, CH_SETTINGS + (("date_time_input_format", "best_effort"),))
    for kind, file, fmt in INGEST:
        if not fmt:
            continue
        ch.run(events_table("t"))
        cpu = ch.cpu()
        seconds = ch.run("INSERT INTO t SELECT * FROM file('%s', '%s', '%s')" % (make_file(a, rows, file), fmt,
                                                                              structure(ch, "t")))[0]
        out[kind]["ClickHouse"] = (rows / seconds, rows / (ch.cpu() - cpu), part_bytes(ch, "t") / rows)
        ch.run("DROP TABLE t SYNC")
    out["COPY"]["ClickHouse"] = out["TSV"]["ClickHouse"]
    ch.close()
    shutil.rmtree(path, ignore_errors=True)


DUCK_TYPES = {"uuid": "UUID", "team_id": "UBIGINT", "timestamp": "TIMESTAMP", "created_at": "TIMESTAMP",
              "tokens_prompt": "UINTEGER", "tokens_completion": "UINTEGER", "cost_usd": "DECIMAL(18,8)"}
DUCK_READ = {"JSONEachRow": "read_json('%s', format='newline_delimited', columns={%s})",
             "CSV": "read_csv('%s', header=false, nullstr='\\N', columns={%s})",
             "TSV": "read_csv('%s', header=false, delim='\\t', quote='', escape='', nullstr='\\N', columns={%s})"}


def duck_load(a, path, rows, kind):
    for f in (path, path + ".wal"):
        if os.path.exists(f):
            os.remove(f)
    duck = Duck(a.peers, path, THREADS)
    types = ", ".join("'%s': '%s'" % (c, DUCK_TYPES.get(c, "VARCHAR")) for c in columns_of(a).split(","))
    file = make_file(a, rows, {"JSONEachRow": "json"}.get(kind, kind.lower()))
    cpu = duck.cpu()
    seconds = duck.run("CREATE TABLE events AS SELECT * FROM " + DUCK_READ[kind] % (file, types))[0] + duck.run("CHECKPOINT")[0]
    cpu = duck.cpu() - cpu
    found = int(duck.run("SELECT count(*) FROM events")[1])
    duck.close()
    if found != rows:
        raise EngineError("DuckDB has %d rows of %d" % (found, rows))
    return rows / seconds, rows / cpu, tree_size(path) / rows


def ingest(a):
    rows = min(a.rows, INGEST_ROWS_MAX)
    out = {k: {} for k, _, _ in INGEST}
    for _, file, _ in INGEST: # before any engine is opened: a process has one ClickHouse at a time
        make_file(a, rows, file)
    note("ingestion: ClickHouse")
    ingest_clickhouse(a, rows, out)
    note("ingestion: DuckDB")
    for kind in DUCK_READ:
        out[kind]["DuckDB"] = duck_load(a, os.path.join(a.work, "ingest.duck"), rows, kind)
    if not a.no_ours:
        note("ingestion: ours")
        ingest_ours(a, rows, out)
    engines = ("ours", "ClickHouse", "DuckDB")
    for i, title in enumerate(("rows a second", "rows a CPU second", "bytes a row on disk after a full merge")):
        report("\n## Ingestion, %d events: %s\n" % (rows, title))
        lines = []
        for kind, v in out.items():
            x = [v[e][i] if e in v else None for e in engines]
            lines.append([kind] + [number(y, 1 if i == 2 else 0) for y in x] + [ratio(x[0], x[1]), ratio(x[0], x[2])])
        table(("format",) + engines + ("ours/ClickHouse", "ours/DuckDB"), lines)
    report("\nClickHouse and DuckDB read files; ours are sent by curl and psql on the same cores. COPY stands beside ClickHouse's TSV.")


# ---------------------------------------------------------------- results out
def results_out(a):
    rows = min(a.rows, INGEST_ROWS_MAX)
    out = {k: {} for k in ("RowBinary", "Native", "JSONEachRow", "TSV", "CSV", "COPY text", "COPY binary")}
    best = lambda runs: [min(r[i] for r in runs) for i in (0, 1)]
    native = make_file(a, rows, "native")
    note("results out: ClickHouse")
    path = os.path.join(a.work, "ch-out")
    shutil.rmtree(path, ignore_errors=True)
    ch = ClickHouse(a.peers, path, CH_SETTINGS)
    ch.run(events_table("t"))
    ch.run("INSERT INTO t SELECT * FROM file('%s', 'Native', '%s')" % (native, structure(ch, "t")))
    for kind in out:
        if not kind.startswith("COPY"):
            runs = []
            for _ in range(3):
                cpu = ch.cpu()
                seconds = ch.run("INSERT INTO FUNCTION file('/dev/null', '%s') SELECT * FROM t "
                                 "SETTINGS engine_file_truncate_on_insert = 1" % kind)[0]
                runs.append((seconds, ch.cpu() - cpu))
            out[kind]["ClickHouse"] = best(runs)
    ch.close()
    shutil.rmtree(path, ignore_errors=True)
    out["COPY text"]["ClickHouse"], out["COPY binary"]["ClickHouse"] = out["TSV"]["ClickHouse"], out["RowBinary"]["ClickHouse"]
    if not a.no_ours:
        note("results out: ours")
        server = Server(a, "out")
        server.http.run(events_table("t"))
        server.curl("INSERT INTO t FORMAT Native", native)
        for kind in out:
            try:
                if kind.startswith("COPY"):
                    sql = "COPY (SELECT * FROM t) TO STDOUT (FORMAT %s)" % kind.split(" ")[1]
                    out[kind]["ours"] = best([server.psql(sql) for _ in range(3)])
                else:
                    out[kind]["ours"] = best([server.curl("SELECT * FROM t FORMAT " + kind, post=False) for _ in range(3)])
            except EngineError as e:
                note("ours, %s: %s" % (kind, e))
        server.close()
        shutil.rmtree(server.dir, ignore_errors=True)
    report("\n## Results out, %d events whole: seconds\n" % rows)
    lines = []
    for kind, v in out.items():
        x, y = v.get("ours", (None, None)), v.get("ClickHouse", (None, None))
        lines.append([kind, number(x[0], 2), number(y[0], 2), ratio(x[0], y[0]), number(x[1], 2), number(y[1], 2), ratio(x[1], y[1])])
    table(("format", "ours", "ClickHouse", "ours/ClickHouse", "CPU, ours", "ClickHouse", "ours/ClickHouse"), lines)
    report("\nClickHouse writes to /dev/null inside its process; ours are received by curl and psql on the same cores.")


# ---------------------------------------------------------------- queries
def read_queries(path):
    out = {}
    if path and os.path.exists(path):
        for i, line in enumerate(open(path)):
            line = line.rstrip("\n")
            if line and not line.startswith(("#", "--")):
                name, tab, query = line.partition("\t")
                out[name if tab else "Q%02d" % i] = (query if tab else name).rstrip("; ")
    return out


def comparable(text):
    """Rows in order, floats to nine digits: engines spell and order ties in their own ways."""
    def cell(c):
        if re.fullmatch(rb"-?\d+\.\d+(e[+-]?\d+)?", c):
            return "%.9g" % float(c)
        if re.fullmatch(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", c):
            return c.rstrip(b"0").rstrip(b".").decode()
        return c.decode("utf-8", "replace")
    return sorted("\t".join(cell(c) for c in line.split(b"\t")) for line in text.split(b"\n") if line)


def decided(query, width):
    """The query with every column in its order, so that a limit cuts at the same row everywhere."""
    columns = ", ".join(str(i + 1) for i in range(width))
    m = re.fullmatch(r"(.*)( LIMIT [^()]*)", query, re.S)
    if not m or "WITH TIES" in m[2]:
        return query
    return m[1] + (", " if re.search(r"\bORDER BY\b[^()]*(\([^()]*\)[^()]*)*$", m[1]) else " ORDER BY ") + columns + m[2]


def answers(engine, queries):
    """name -> the comparable answer, or None where it failed."""
    out = {}
    for name, query in queries.items():
        try:
            text = engine.run(query)[1]
            fixed = decided(query, text.split(b"\n")[0].count(b"\t") + 1) if text else query
            out[name] = comparable(engine.run(fixed)[1] if fixed != query else text)
        except EngineError as e:
            note("%s: %s: %s" % (type(engine).__name__, name, " ".join(str(e).split())[:200]))
            out[name] = None
    return out


def measure(a, engine, queries):
    """name -> (least hot wall milliseconds, CPU milliseconds); None where it failed or time was up."""
    out = {}
    for name, query in queries.items():
        if time.monotonic() > a.end:
            out[name] = None
            continue
        try:
            begin, wall, cpu = time.monotonic(), None, None
            for i in range(a.hot + 1):
                before = engine.cpu()
                seconds = engine.run(query)[0]
                used = engine.cpu() - before
                last = time.monotonic() - begin > a.limit
                if i > 0 or last or a.hot == 0: # the first run fills the caches
                    wall, cpu = min(seconds, wall or seconds), min(used, cpu or used)
                if last:
                    break
            out[name] = (wall * 1e3, cpu * 1e3)
        except EngineError as e:
            note("%s: %s: %s" % (type(engine).__name__, name, " ".join(str(e).split())[:200]))
            out[name] = None
    return out


def same(x, y):
    if x is None or y is None:
        return "–"
    if x and y and (x[0].startswith("?") or y[0].startswith("?")):
        return "–"
    return "same" if x == y else "DIFFERENT"


def side_by_side(a, title, sources):
    """sources: engine -> (function that opens it, queries). Compares the answers, then takes the times, then prints."""
    found, taken = {}, {}
    for work, store in ((lambda e, q: answers(e, q), found), (lambda e, q: measure(a, e, q), taken)):
        for name, (opened, queries) in sources.items():
            if not queries:
                continue
            note("%s: %s, %s" % (title, name, "answers" if store is found else "times"))
            engine = opened()
            store[name] = work(engine, queries)
            engine.close()
    print_queries(title, found, taken)


def print_queries(title, found, taken):
    engines = list(taken)
    names = list(dict.fromkeys(n for e in engines for n in taken[e]))
    ours = [e for e in engines if e.startswith("ours")]
    others = [e for e in engines if e not in ours]
    for i, what in enumerate(("wall", "CPU")):
        added = 1.0 - i
        pairs = [(o, e) for o in ours for e in others]
        report("\n## %s: %s, least of the hot runs, ms\n" % (title, what))
        logs, lines = {p: [] for p in pairs}, []
        for n in names:
            ms = {e: taken[e][n][i] if taken[e].get(n) else None for e in engines}
            for p in pairs:
                if ms[p[0]] is not None and ms[p[1]] is not None:
                    logs[p].append(math.log((ms[p[0]] + added) / max(ms[p[1]] + added, 1e-3)))
            lines.append([n] + [number(ms[e]) for e in engines] + [ratio(ms[p[0]], ms[p[1]], added) for p in pairs])
        table(["query"] + engines + ["%s/%s" % p for p in pairs], lines)
        for p in pairs:
            if logs[p]:
                report("\ngeometric mean of %s/%s over %d queries: %.2f" % (
                    p + (len(logs[p]), math.exp(sum(logs[p]) / len(logs[p])))))
    report()
    for e in ours:
        failed = [n for n in names if n in taken[e] and not found[e].get(n) and found[e].get(n) != []]
        if failed:
            report("failed in %s: %s" % (e, ", ".join(failed)))
        for peer in others:
            verdicts = {n: same(found[e].get(n), found[peer].get(n)) for n in names}
            count = lambda v: sum(1 for x in verdicts.values() if x == v)
            report("answers of %s and %s: %d same, %d not compared%s" % (
                e, peer, count("same"), count("–"),
                ", DIFFERENT: " + ", ".join(n for n in names if verdicts[n] == "DIFFERENT") if count("DIFFERENT") else ""))


def hip_statements():
    return [s for s in schema(False) if "MODIFY TTL" not in s], [s for s in schema(True) if "MODIFY TTL" not in s]


HIP_TABLES = ("events", "sessions", "events_hourly", "token_usage_daily")


def events(a):
    fix = lambda q: q.replace("today()", "toDate('%s')" % TODAY)
    queries = {n: fix(q) for n, q in read_queries(os.path.join(HERE, "hip-0047.tsv")).items()}
    # ClickHouse refuses DateTime64 in windowFunnel
    ch_queries = {n: q.replace("(86400)(timestamp,", "(86400)(toDateTime(timestamp),") for n, q in queries.items()}
    path, duck_path = (os.path.join(a.work, "%s-%d%s" % (n, a.rows, x)) for n, x in (("ch-events", ""), ("events", ".duck")))
    ours, plain = hip_statements()
    open_ch = lambda: ClickHouse(a.peers, path, CH_SETTINGS)
    tsv = make_file(a, a.rows, "tsv")
    ch = open_ch()
    if ch.run("EXISTS TABLE events")[1].strip() != b"1":
        note("loading ClickHouse")
        for s in plain:
            ch.run(s)
    if int(ch.run("SELECT count() FROM events")[1]) != a.rows:
        ch.run("INSERT INTO events SELECT * FROM file('%s', 'TSV', '%s')" % (tsv, structure(ch, "events")))
        for t in HIP_TABLES:
            ch.run("OPTIMIZE TABLE %s FINAL" % t)
    size = {"ClickHouse": part_bytes(ch, "events")}
    ch.close()
    if not os.path.exists(duck_path):
        note("loading DuckDB")
        duck_load(a, duck_path, a.rows, "TSV")
    size["DuckDB"] = tree_size(duck_path)
    sources = {"ClickHouse": (open_ch, ch_queries),
               "DuckDB": (lambda: Duck(a.peers, duck_path, THREADS), read_queries(os.path.join(HERE, "hip-0047-duck.tsv")))}
    server = None
    if not a.no_ours:
        note("loading ours")
        server = Server(a, "events")
        for s in ours:
            server.http.run(s)
        server.curl("INSERT INTO events FORMAT TSV", tsv)
        for t in HIP_TABLES:
            server.http.run("OPTIMIZE TABLE %s FINAL" % t)
        size["ours"] = part_bytes(server.http, "events")
        sources = {"ours": (server.open_http, queries), "ours over pg": (lambda: server.open_pg("clickhouse"), queries), **sources}
    side_by_side(a, "HIP-0047, %d events" % a.rows, sources)
    report("\nbytes a row on disk: " + ", ".join("%s %.1f" % (e, b / a.rows) for e, b in size.items()))
    if server:
        report("resident after the queries: %.0f MB" % server.rss_mb())
        server.close()


def workload_files(a, name):
    """One set of a folder of workloads: made by ClickHouse from gen_NAME.sql, handed to the others as files."""
    path, native, parquet = (os.path.join(a.work, "%s-%d.%s" % (name, a.rows, x)) for x in ("ch", "native", "parquet"))
    ch = ClickHouse(a.peers, path, CH_SETTINGS)
    if ch.run("EXISTS TABLE " + name)[1].strip() != b"1" or ch.run("SELECT count() > 0 FROM " + name)[1].strip() != b"1":
        note("%s: generating %d rows" % (name, a.rows))
        for s in statements(open(os.path.join(a.workloads, "gen_%s.sql" % name)).read().replace("{{ROWS}}", str(a.rows))):
            ch.run(s)
        ch.run("INSERT INTO %s SELECT * FROM gen_%s" % (name, name))
        ch.run("OPTIMIZE TABLE %s FINAL" % name)
    for file, fmt in ((native, "Native"), (parquet, "Parquet")):
        if not os.path.exists(file):
            note("%s: writing %s" % (name, fmt))
            ch.run("INSERT INTO FUNCTION file('%s', '%s') SELECT * FROM %s SETTINGS engine_file_truncate_on_insert = 1" % (
                file + ".part", fmt, name))
            os.rename(file + ".part", file)
    create, size = ch.run("SHOW CREATE TABLE " + name, b"TSVRaw")[1].decode(), part_bytes(ch, name)
    ch.close()
    return path, native, parquet, create, size


def workload(a, name):
    path, native, parquet, create, bytes_ch = workload_files(a, name)
    size = {"ClickHouse": bytes_ch}
    queries = {e: read_queries(os.path.join(a.workloads, "q_%s_%s.tsv" % (name, e))) for e in ("ch", "duck", "pg")}
    sources = {"ClickHouse": (lambda: ClickHouse(a.peers, path, CH_SETTINGS), queries["ch"])}
    if queries["duck"]:
        duck_path = os.path.join(a.work, "%s-%d.duck" % (name, a.rows))
        open_duck = lambda: Duck(a.peers, duck_path, THREADS)
        if not os.path.exists(duck_path):
            note("%s: loading DuckDB" % name)
            duck = open_duck()
            duck.run("CREATE TABLE %s AS SELECT * FROM read_parquet('%s', binary_as_string=true)" % (name, parquet))
            duck.run("CHECKPOINT")
            duck.close()
        sources["DuckDB"] = (open_duck, queries["duck"])
        size["DuckDB"] = tree_size(duck_path)
    server = None
    if not a.no_ours:
        note("%s: loading ours" % name)
        server = Server(a, name)
        server.http.run(create.replace("default.", "", 1))
        seconds, cpu = server.curl("INSERT INTO %s FORMAT Native" % name, native)
        size["ours"] = part_bytes(server.http, name)
        over_pg = (lambda: server.open_pg(None if queries["pg"] else "clickhouse"), queries["pg"] or queries["ch"])
        sources = {"ours": (server.open_http, queries["ch"]), "ours over pg": over_pg, **sources}
    side_by_side(a, "%s, %d rows" % (name, a.rows), sources)
    report("\nbytes a row on disk: " + ", ".join("%s %.1f" % (e, b / a.rows) for e, b in size.items()))
    if server:
        report("loaded by Native: %.0f rows a second, %.0f a CPU second; resident after the queries: %.0f MB" % (
            a.rows / seconds, a.rows / cpu, server.rss_mb()))
        server.close()


# ---------------------------------------------------------------- memory
def pg_connect(port):
    s = socket.create_connection(("127.0.0.1", port))
    text = b"user\0default\0database\0default\0\0"
    s.sendall(struct.pack("!ii", 8 + len(text), 196608) + text)
    if not s.recv(4096):
        raise EngineError("a connection was refused")
    return s


def memory(a):
    server = Server(a, "memory")
    server.http.run("SELECT 1")
    time.sleep(2)
    rest, connections = server.rss_mb(), []
    try:
        connections = [pg_connect(server.pg_port) for _ in range(1000)]
        time.sleep(2)
        report("\n## Memory\n\nresident at rest %.0f MB, with 1,000 idle PostgreSQL connections %.0f MB" % (rest, server.rss_mb()))
        for s in connections:
            s.sendall(b"Q" + struct.pack("!i", 13) + b"SELECT 1\0")
            s.recv(4096)
        time.sleep(2)
        report("after a query on each: %.0f MB" % server.rss_mb())
    except (OSError, EngineError) as e:
        report("\n## Memory\n\nresident at rest %.0f MB; %d connections, then: %s" % (rest, len(connections), e))
    for s in connections:
        s.close()
    server.close()
    shutil.rmtree(server.dir, ignore_errors=True)


def main():
    a = parse_arguments()
    os.makedirs(a.work, exist_ok=True)
    subprocess.run([os.path.join(HERE, "peers", "install.sh")], env=dict(os.environ, PEERS=a.peers), check=True,
                   stdout=subprocess.DEVNULL)
    Report.file = open(os.path.join(a.work, "results.md"), "w")
    git = subprocess.run(["git", "-C", HERE, "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    report("# %s, commit %s, %d threads, load %s" % (time.strftime("%Y-%m-%d %H:%M"), git.stdout.decode().strip() or "?", THREADS,
                                                  open("/proc/loadavg").read().split(" ")[0]))
    sets = sorted(f[4:-4] for f in os.listdir(a.workloads) if re.fullmatch(r"gen_\w+\.sql", f)) if a.workloads else []
    steps = [("ingest", ingest), ("out", results_out), ("events", events)]
    steps += [(n, lambda x, n=n: workload(x, n)) for n in sets if n != "events"]
    steps += [] if a.no_ours else [("memory", memory)]
    failed = 0
    for name, step in steps:
        if not re.search(a.only, name):
            continue
        if time.monotonic() > a.end:
            report("\nnot begun, time was up: " + name)
            continue
        try:
            step(a)
        except (EngineError, OSError, subprocess.CalledProcessError) as e: # the other tables are still wanted
            report("\n%s failed: %s" % (name, str(e)[:500]))
            failed = 1
    report("\nload at the end %s; tables in %s" % (open("/proc/loadavg").read().split(" ")[0], Report.file.name))
    sys.exit(failed)


if __name__ == "__main__":
    main()
