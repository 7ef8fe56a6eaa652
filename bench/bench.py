#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Side by side with the reference engines: ingestion, HIP-0047's workload, size on disk, and workloads from a folder.

  make bench [ROWS=1000000] [WORKLOADS=DIR]      or bench.py --build DIR [--rows N] [--workloads DIR] [--only RE] …

Everything is on loopback, with two threads each, one engine at a time. Each query runs once cold and --hot times more;
the table has the least of the hot runs in milliseconds and ours divided by theirs. A query that takes longer than
--limit seconds is not repeated. Data and engines are kept in --work and used again.

A folder of workloads has, for each set NAME: gen_NAME.sql (ClickHouse statements that create table NAME and a view
gen_NAME of its rows, with {{ROWS}}), q_NAME_ch.tsv (name<TAB>query) and, where wanted, q_NAME_duck.tsv and q_NAME_pg.tsv.
"""
import argparse
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peers"))
from engines import ClickHouse, Duck, EngineError, Http, Pg

THREADS = 2
CH_SETTINGS = (("max_threads", THREADS), ("max_insert_threads", 1), ("use_query_condition_cache", 0))


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default=".", help="build tree")
    p.add_argument("--rows", default="", help="events (default 1000000)")
    p.add_argument("--workloads", default="", help="folder of further workloads")
    p.add_argument("--work", help="where data, engines and results are kept (default BUILD/bench-work)")
    p.add_argument("--peers", help="folder of the reference engines (default WORK/peers)")
    p.add_argument("--hot", type=int, default=5)
    p.add_argument("--limit", type=float, default=20, help="seconds")
    p.add_argument("--only", default=".", help="regular expression over ingest, events and workloads' names")
    p.add_argument("--no-ours", action="store_true", help="the reference engines alone")
    a = p.parse_args()
    a.rows = int(a.rows or 1000000)
    a.build = os.path.abspath(a.build)
    a.work = os.path.abspath(a.work or os.path.join(a.build, "bench-work"))
    a.peers = os.path.abspath(a.peers or os.path.join(a.work, "peers"))
    return a


def note(text):
    print("-- " + text, file=sys.stderr, flush=True)


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

    def __init__(self, a, name):
        self.dir = os.path.join(a.work, "ours-" + name)
        shutil.rmtree(self.dir, ignore_errors=True)
        self.pg_port, self.http_port = free_port(), free_port()
        self.log = open(os.path.join(a.work, "server-%s.log" % name), "wb")
        self.process = subprocess.Popen(
            [os.path.join(a.build, "hanzo-datastore"), "server", "--path", self.dir, "--listen", "127.0.0.1", "--pg-port",
             str(self.pg_port), "--http-port", str(self.http_port), "--native-port", "0"], stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.http_port), 1).close()
                break
            except OSError:
                if self.process.poll() is not None:
                    raise EngineError("the server did not start: see " + self.log.name)
                time.sleep(0.05)
        self.http = Http(self.http_port, {"max_threads": THREADS}.items())
        self.conninfo = "host=127.0.0.1 port=%d user=default dbname=default" % self.pg_port

    def rss_mb(self):
        for line in open("/proc/%d/status" % self.process.pid):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


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


def make_data(a):
    """The same rows as JSONEachRow, CSV, TSV and Native."""
    folder = os.path.join(a.work, "data-%d" % a.rows)
    os.makedirs(folder, exist_ok=True)
    generator = os.path.join(a.build, "bench", "hanzo-gen-events")
    for fmt in ("json", "csv", "tsv"):
        path = os.path.join(folder, "events." + fmt)
        if not os.path.exists(path):
            note("generating " + path)
            with open(path + ".part", "wb") as f:
                subprocess.run([generator, "--rows", str(a.rows), "--format", fmt, "--now", "2026-06-01"], stdout=f, check=True)
            os.rename(path + ".part", path)
    native = os.path.join(folder, "events.native")
    if not os.path.exists(native):
        ch = ClickHouse(a.peers, os.path.join(a.work, "scratch"), CH_SETTINGS)
        ch.run("DROP TABLE IF EXISTS n SYNC")
        ch.run(events_table("n").replace("PARTITION BY toYYYYMM(timestamp)", ""))
        ch.run("INSERT INTO FUNCTION file('%s', 'Native', '%s') SELECT * FROM file('%s', 'TSV', '%s')" % (
            native + ".part", structure(ch), os.path.join(folder, "events.tsv"), structure(ch)))
        ch.run("DROP TABLE n SYNC")
        ch.close()
        os.rename(native + ".part", native)
    return folder


def structure(ch, table="n"):
    rows = ch.run("DESCRIBE TABLE " + table)[1].decode().split("\n")
    return ", ".join("%s %s" % tuple(r.split("\t")[:2]) for r in rows if r).replace("\\'", "'").replace("'", "\\'")


# ---------------------------------------------------------------- ingestion
def part_bytes(engine, table):
    engine.run("OPTIMIZE TABLE %s FINAL" % table)
    return int(engine.run("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = '%s'" % table)[1])


def ingest_ours(a, folder, out):
    server = Server(a, "ingest")
    columns = subprocess.run([os.path.join(a.build, "bench", "hanzo-gen-events"), "--columns"], stdout=subprocess.PIPE,
                             check=True).stdout.decode().strip()
    for kind, file, fmt in (("JSONEachRow", "events.json", "JSONEachRow"), ("CSV", "events.csv", "CSV"),
                            ("TSV", "events.tsv", "TSV"), ("Native", "events.native", "Native"), ("COPY", "events.tsv", None)):
        table, path = "t_" + kind.lower(), os.path.join(folder, file)
        try:
            server.http.run(events_table(table))
            if fmt:
                with open(path, "rb") as f:
                    seconds = server.http.post("INSERT INTO %s FORMAT %s" % (table, fmt), f)[0]
            else:
                begin = time.perf_counter()
                with open(path, "rb") as f:
                    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", server.conninfo, "-c",
                                    "COPY %s (%s) FROM STDIN" % (table, columns)], stdin=f, check=True)
                seconds = time.perf_counter() - begin
            rows = int(server.http.run("SELECT count() FROM " + table)[1])
            out[kind]["ours"] = (rows / seconds, part_bytes(server.http, table) / rows)
            server.http.run("DROP TABLE " + table)
        except (EngineError, subprocess.CalledProcessError) as e:
            note("ours, %s: %s" % (kind, str(e)[:200]))
    server.close()


def ingest_clickhouse(a, folder, out):
    path = os.path.join(a.work, "ch-ingest")
    shutil.rmtree(path, ignore_errors=True)
    ch = ClickHouse(a.peers, path, CH_SETTINGS + (("date_time_input_format", "best_effort"),))
    for kind, file in (("JSONEachRow", "events.json"), ("CSV", "events.csv"), ("TSV", "events.tsv"), ("Native", "events.native")):
        ch.run(events_table("t"))
        seconds = ch.run("INSERT INTO t SELECT * FROM file('%s', '%s', '%s')" % (
            os.path.join(folder, file), kind, structure(ch, "t")))[0]
        rows = int(ch.run("SELECT count() FROM t")[1])
        out[kind]["ClickHouse"] = (rows / seconds, part_bytes(ch, "t") / rows)
        ch.run("DROP TABLE t SYNC")
    out["COPY"]["ClickHouse"] = out["TSV"]["ClickHouse"]
    ch.close()
    shutil.rmtree(path, ignore_errors=True)


DUCK_TYPES = {"uuid": "UUID", "team_id": "UBIGINT", "timestamp": "TIMESTAMP", "created_at": "TIMESTAMP",
              "tokens_prompt": "UINTEGER", "tokens_completion": "UINTEGER", "cost_usd": "DECIMAL(18,8)"}


def ingest_duck(a, folder, out):
    path = os.path.join(a.work, "events-%d.duck" % a.rows)
    columns = subprocess.run([os.path.join(a.build, "bench", "hanzo-gen-events"), "--columns"], stdout=subprocess.PIPE,
                             check=True).stdout.decode().strip().split(",")
    for kind, read in (("JSONEachRow", "read_json('%s', format='newline_delimited', columns={%s})"),
                       ("CSV", "read_csv('%s', header=false, nullstr='\\N', columns={%s})")):
        for f in (path, path + ".wal"):
            if os.path.exists(f):
                os.remove(f)
        duck = Duck(a.peers, path, THREADS)
        types = ", ".join("'%s': '%s'" % (c, DUCK_TYPES.get(c, "VARCHAR")) for c in columns)
        file = os.path.join(folder, "events." + ("json" if kind == "JSONEachRow" else "csv"))
        seconds = duck.run("CREATE TABLE events AS SELECT * FROM " + read % (file, types))[0] + duck.run("CHECKPOINT")[0]
        rows = int(duck.run("SELECT count(*) FROM events")[1])
        duck.close()
        out[kind]["DuckDB"] = (rows / seconds, tree_size(path) / rows)


def ingest(a, folder):
    out = {k: {} for k in ("JSONEachRow", "CSV", "TSV", "Native", "COPY")}
    note("ingestion: ClickHouse")
    ingest_clickhouse(a, folder, out)
    note("ingestion: DuckDB")
    ingest_duck(a, folder, out)
    if not a.no_ours:
        note("ingestion: ours")
        ingest_ours(a, folder, out)
    print("\n## Ingestion, %d events: rows a second, bytes a row on disk after a full merge\n" % a.rows)
    print("| format | ours | ClickHouse | DuckDB | ours/ClickHouse | ours B/row | ClickHouse | DuckDB | ours/ClickHouse |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for kind, v in out.items():
        speed = [v.get(e, (None, None))[0] for e in ("ours", "ClickHouse", "DuckDB")]
        size = [v.get(e, (None, None))[1] for e in ("ours", "ClickHouse", "DuckDB")]
        print("| %s | %s | %s | %s | %s | %s | %s | %s | %s |" % (
            (kind,) + tuple("%.0f" % s if s else "–" for s in speed) + (ratio(speed[0], speed[1]),) +
            tuple("%.1f" % s if s else "–" for s in size) + (ratio(size[0], size[1]),)))


# ---------------------------------------------------------------- queries
def ratio(x, y):
    return "%.2f" % (x / y) if x and y else "–"


def read_queries(path):
    out = {}
    if path and os.path.exists(path):
        for i, line in enumerate(open(path)):
            line = line.rstrip("\n")
            if line and not line.startswith(("#", "--")):
                name, tab, query = line.partition("\t")
                out[name if tab else "Q%02d" % i] = (query if tab else name).rstrip("; ")
    return out


def measure(a, engine, queries):
    """name -> (least hot milliseconds, result); None where it failed."""
    out = {}
    for name, query in queries.items():
        try:
            first, text = engine.run(query)
            best = first
            for _ in range(a.hot if first < a.limit else 0):
                best = min(best, engine.run(query)[0])
            out[name] = (best * 1e3, text)
        except EngineError as e:
            note("%s: %s: %s" % (type(engine).__name__, name, " ".join(str(e).split())[:200]))
            out[name] = None
    return out


def comparable(text):
    """Rows in order, floats to nine digits: engines spell and order ties in their own ways."""
    cell = lambda c: "%.9g" % float(c) if re.fullmatch(rb"-?\d+\.\d+(e[+-]?\d+)?", c) else c.decode("utf-8", "replace")
    return sorted("\t".join(cell(c) for c in line.split(b"\t")) for line in text.split(b"\n") if line)


def print_queries(title, results):
    """results: {engine: {name: (ms, text) or None}}; ours against the rest."""
    engines = [e for e in results if results[e]]
    names = list(dict.fromkeys(n for e in engines for n in results[e]))
    ours = [e for e in engines if e.startswith("ours")]
    others = [e for e in engines if e not in ours]
    pairs = [(o, e) for o in ours for e in others]
    print("\n## %s: least of the hot runs, ms\n" % title)
    print("| query | " + " | ".join(engines + ["%s/%s" % p for p in pairs] + ["answers"]) + " |")
    print("|---" + "|--:" * (len(engines) + len(pairs)) + "|---|")
    logs, failed, different = {p: [] for p in pairs}, [], []
    for n in names:
        got = {e: results[e].get(n) for e in engines}
        ms = {e: got[e][0] if got[e] else None for e in engines}
        for p in pairs:
            if ms[p[0]] and ms[p[1]]:
                logs[p].append(math.log(ms[p[0]] / ms[p[1]]))
        failed += [(e, n) for e in ours if n in results[e] and not got[e]]
        same = "–"
        if got.get("ClickHouse") and got.get("ours"):
            same = "same" if comparable(got["ClickHouse"][1]) == comparable(got["ours"][1]) else "DIFFERENT"
            different += [n] if same != "same" else []
        print("| %s | %s | %s |" % (n, " | ".join(["%.1f" % ms[e] if ms[e] else "–" for e in engines] +
                                                   [ratio(ms[p[0]], ms[p[1]]) for p in pairs]), same))
    for p in pairs:
        if logs[p]:
            print("\ngeometric mean of %s/%s over %d queries: %.2f" % (p + (len(logs[p]), math.exp(sum(logs[p]) / len(logs[p])))))
    for e, n in failed:
        print("failed in %s: %s" % (e, n))
    if different:
        print("answers differ from ClickHouse's: " + ", ".join(different))


def measure_ours(a, server, results, queries, pg_queries):
    results["ours"] = measure(a, server.http, queries)
    try:
        pg = Pg(server.conninfo)
        if pg_queries is queries:
            pg.run("SET dialect = clickhouse")
        results["ours over pg"] = measure(a, pg, pg_queries)
        pg.close()
    except EngineError as e:
        note("ours over pg: %s" % e)


def events(a, folder):
    queries = read_queries(os.path.join(HERE, "hip-0047.tsv"))
    results = {"ours": {}, "ours over pg": {}, "ClickHouse": {}, "DuckDB": {}}
    path = os.path.join(a.work, "ch-events-%d" % a.rows)
    ch = ClickHouse(a.peers, path, CH_SETTINGS)
    if ch.run("EXISTS TABLE events")[1].strip() != b"1":
        note("loading ClickHouse")
        for s in schema(True):
            if "MODIFY TTL" not in s:
                ch.run(s)
        ch.run("INSERT INTO events SELECT * FROM file('%s', 'TSV', '%s')" % (os.path.join(folder, "events.tsv"),
                                                                            structure(ch, "events")))
        for t in ("events", "sessions", "events_hourly", "token_usage_daily"):
            ch.run("OPTIMIZE TABLE %s FINAL" % t)
    note("HIP-0047: ClickHouse")
    # ClickHouse refuses DateTime64 in windowFunnel
    results["ClickHouse"] = measure(a, ch, {n: q.replace("(86400)(timestamp,", "(86400)(toDateTime(timestamp),")
                                            for n, q in queries.items()})
    ch.close()
    duck_path = os.path.join(a.work, "events-%d.duck" % a.rows)
    if not os.path.exists(duck_path):
        ingest_duck(a, folder, {"JSONEachRow": {}, "CSV": {}})
    note("HIP-0047: DuckDB")
    duck = Duck(a.peers, duck_path, THREADS)
    results["DuckDB"] = measure(a, duck, read_queries(os.path.join(HERE, "hip-0047-duck.tsv")))
    duck.close()
    if not a.no_ours:
        note("HIP-0047: ours")
        server = Server(a, "events")
        for s in schema(False):
            if "MODIFY TTL" not in s:
                server.http.run(s)
        with open(os.path.join(folder, "events.tsv"), "rb") as f:
            server.http.post("INSERT INTO events FORMAT TSV", f)
        for t in ("events", "sessions", "events_hourly", "token_usage_daily"):
            server.http.run("OPTIMIZE TABLE %s FINAL" % t)
        measure_ours(a, server, results, queries, queries)
        note("resident after the queries: %.0f MB" % server.rss_mb())
        server.close()
    print_queries("HIP-0047, %d events" % a.rows, results)


def workload(a, name):
    """One set of a folder of workloads: made by ClickHouse from gen_NAME.sql, handed to the others as files."""
    source = lambda f: os.path.join(a.workloads, f)
    path, native, parquet = (os.path.join(a.work, "%s-%d.%s" % (name, a.rows, x)) for x in ("ch", "native", "parquet"))
    ch = ClickHouse(a.peers, path, CH_SETTINGS)
    if ch.run("EXISTS TABLE " + name)[1].strip() != b"1" or not os.path.exists(native):
        note("%s: generating %d rows" % (name, a.rows))
        for s in statements(open(source("gen_%s.sql" % name)).read().replace("{{ROWS}}", str(a.rows))):
            ch.run(s)
        ch.run("INSERT INTO %s SELECT * FROM gen_%s" % (name, name))
        ch.run("OPTIMIZE TABLE %s FINAL" % name)
        for file, fmt in ((native, "Native"), (parquet, "Parquet")):
            ch.run("INSERT INTO FUNCTION file('%s', '%s') SELECT * FROM %s SETTINGS engine_file_truncate_on_insert = 1" % (file, fmt, name))
    create = ch.run("SHOW CREATE TABLE " + name, b"TSVRaw")[1].decode()
    size = {"ClickHouse": part_bytes(ch, name)}
    results = {"ours": {}, "ours over pg": {}, "ClickHouse": {}, "DuckDB": {}}
    queries = read_queries(source("q_%s_ch.tsv" % name))
    note("%s: ClickHouse" % name)
    results["ClickHouse"] = measure(a, ch, queries)
    ch.close()
    duck_queries = read_queries(source("q_%s_duck.tsv" % name))
    if duck_queries:
        note("%s: DuckDB" % name)
        duck_path = os.path.join(a.work, "%s-%d.duck" % (name, a.rows))
        fresh = not os.path.exists(duck_path)
        duck = Duck(a.peers, duck_path, THREADS)
        if fresh:
            duck.run("CREATE TABLE %s AS SELECT * FROM read_parquet('%s', binary_as_string=true)" % (name, parquet))
            duck.run("CHECKPOINT")
        results["DuckDB"] = measure(a, duck, duck_queries)
        duck.close()
        size["DuckDB"] = tree_size(duck_path)
    if not a.no_ours:
        note("%s: ours" % name)
        server = Server(a, name)
        server.http.run(create.replace("default.", "", 1))
        with open(native, "rb") as f:
            seconds = server.http.post("INSERT INTO %s FORMAT Native" % name, f)[0]
        note("%s: loaded %.0f rows a second" % (name, a.rows / seconds))
        size["ours"] = part_bytes(server.http, name)
        measure_ours(a, server, results, queries, read_queries(source("q_%s_pg.tsv" % name)) or queries)
        server.close()
    print_queries("%s, %d rows" % (name, a.rows), results)
    print("\nbytes a row on disk: " + ", ".join("%s %.1f" % (e, b / a.rows) for e, b in size.items()))


def main():
    a = parse_arguments()
    os.makedirs(a.work, exist_ok=True)
    subprocess.run([os.path.join(HERE, "peers", "install.sh")], env=dict(os.environ, PEERS=a.peers), check=True,
                   stdout=subprocess.DEVNULL)
    folder = make_data(a)
    print("# %s, %d threads, load %s" % (time.strftime("%Y-%m-%d %H:%M"), THREADS, open("/proc/loadavg").read().split(" ")[0]))
    if re.search(a.only, "ingest"):
        ingest(a, folder)
    if re.search(a.only, "events"):
        events(a, folder)
    sets = sorted(f[4:-4] for f in os.listdir(a.workloads) if re.fullmatch(r"gen_\w+\.sql", f)) if a.workloads else []
    for name in sets:
        if re.search(a.only, name) and name != "events":
            workload(a, name)


if __name__ == "__main__":
    main()
