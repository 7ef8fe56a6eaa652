#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small inserts side by side: single rows over PostgreSQL's wire against PostgreSQL, batches of 1,000 rows over HTTP
against ClickHouse in this process with its fsync settings off, the scan of a table whose last rows are in memory, and the
start after kill -9.

  small_inserts.py --build DIR [--peers DIR] [--pg 'host=… port=… user=… dbname=…'] [--seconds 8] [--rounds 3]

Runs take turns; the table has the best of each and ours divided by theirs. Needs pgbench for the first.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peers"))
from engines import ClickHouse, EngineError, Http

COLUMNS = "(id bigint, ts timestamp, name text, v double precision)"
INSERT = "\\set id random(1, 1000000000)\nINSERT INTO ev VALUES (:id, '2026-01-02 03:04:05', 'some name of an event', 1.5);\n"
CH_TABLE = "CREATE TABLE b (id UInt64, ts DateTime, name String, v Float64) ENGINE = MergeTree ORDER BY id"


class Server:
    def __init__(self, build, path):
        self.binary, self.path = os.path.join(build, "hanzo-datastore"), path
        self.pg, self.http = 26655, 26656
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        self.start()

    def start(self):
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            [self.binary, "server", "--path", self.path, "--pg-port", str(self.pg), "--http-port", str(self.http),
             "--native-port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if b"ready" not in self.process.stdout.readline():
            raise SystemExit("the server does not start")
        self.client = Http(self.http)
        return time.perf_counter() - begin

    def run(self, sql, body=None, **args):
        return self.client.post(sql, body, **args)

    def value(self, sql):
        return int(self.run(sql)[1].split()[0])

    def end(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        self.process.wait()


def pgbench(args, where, clients):
    script = os.path.join(args.work, "insert.sql")
    with open(script, "w") as f:
        f.write(INSERT)
    env = dict(os.environ)
    command = ["pgbench", "-n", "-f", script, "-c", str(clients), "-j", "2", "-T", str(args.seconds), where]
    out = subprocess.run(command, env=env, capture_output=True, text=True)
    found = re.search(r"tps = ([0-9.]+)", out.stdout)
    if out.returncode != 0 or not found:
        raise SystemExit("pgbench: " + out.stderr)
    return float(found.group(1))


def psql(where, *commands):
    subprocess.run(["psql", "-q", "-X", where] + [x for c in commands for x in ("-c", c)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def single_rows(args, s, report):
    ours = "host=127.0.0.1 port=%d user=default dbname=default sslmode=disable" % s.pg
    psql(ours, "CREATE TABLE ev " + COLUMNS)
    if args.pg:
        psql(args.pg, "DROP TABLE IF EXISTS ev", "CREATE TABLE ev " + COLUMNS)
    for clients in (1, 64):
        best = [0, 0]
        for _ in range(args.rounds):
            best[0] = max(best[0], pgbench(args, ours, clients))
            best[1] = max(best[1], pgbench(args, args.pg, clients)) if args.pg else 0
        report("single rows a second, %d connections" % clients, best[0], best[1])
    parts = s.value("SELECT count() FROM system.parts WHERE active AND table = 'ev'")
    report("parts after %d rows" % s.value("SELECT count() FROM ev"), parts, 0)


def batch(number):
    return "".join("%d\t2026-01-02 03:04:%02d\tsome name of event %d\t%d.5\n" % (number * 1000 + i, i % 60, i, i)
                   for i in range(1000)).encode()


def batches(args, s, report):
    bodies = [batch(i) for i in range(200)]
    s.run(CH_TABLE)
    theirs = None
    if args.peers:
        path = os.path.join(args.work, "clickhouse")
        shutil.rmtree(path, ignore_errors=True)
        theirs = ClickHouse(args.peers, path)
        theirs.run(CH_TABLE)
    best = [0, 0]
    for _ in range(args.rounds):
        s.client = Http(s.http)      # an idle connection is closed
        begin = time.perf_counter()
        for b in bodies:
            s.run("INSERT INTO b FORMAT TSV", b)
        best[0] = max(best[0], len(bodies) / (time.perf_counter() - begin))
        if theirs is None:
            continue
        begin = time.perf_counter()
        for b in bodies:
            theirs.run("INSERT INTO b FORMAT TSV\n" + b.decode())
        best[1] = max(best[1], len(bodies) / (time.perf_counter() - begin))
    report("batches of 1,000 rows a second, one connection", best[0], best[1])


def scan(args, s, report):
    """Ours with 60,000 rows in memory, "theirs" is the same table on disk; so the ratio is of speeds."""
    s.client = Http(s.http)
    s.run("CREATE TABLE IF NOT EXISTS b" + CH_TABLE[len("CREATE TABLE b"):])
    s.run("CREATE TABLE sc AS b ENGINE = MergeTree ORDER BY id")
    rows = "SELECT number, toDateTime(1700000000 + number), concat('some name of event ', toString(number % 1000)), number / 3"
    s.run("INSERT INTO sc %s FROM numbers(4000000)" % rows)
    s.run("OPTIMIZE TABLE sc FINAL")
    for i in range(60):
        s.run("INSERT INTO sc %s FROM numbers(%d, 1000)" % (rows, 4000000 + i * 1000))
    query = "SELECT count(), sum(v), max(ts), uniq(name) FROM sc WHERE id % 7 != 0"
    best = [1e9, 1e9]
    for k in range(2):
        for _ in range(8 * args.rounds):
            best[k] = min(best[k], s.run(query)[0])
        if k == 0:
            memory = s.value("SELECT sum(rows) FROM system.parts WHERE active AND table = 'sc' AND part_type = 'InMemory'")
            s.run("OPTIMIZE TABLE sc")
    report("scans a second, %d of 4,060,000 rows in memory; on disk" % memory, 1 / best[0], 1 / best[1])


def recovery(args, s, report):
    s.client = Http(s.http)
    s.run("CREATE TABLE rec (id UInt64, ts DateTime, name String, v Float64) ENGINE = MergeTree ORDER BY id")
    for i in range(400):
        s.run("INSERT INTO rec FORMAT TSV", batch(i))
    log = lambda: s.value("SELECT value FROM system.events WHERE event = 'TransactionLogBytes'")
    size = log()
    count = s.value("SELECT count() FROM rec")
    s.end(signal.SIGKILL)
    seconds = s.start()
    if s.value("SELECT count() FROM rec") != count:
        raise SystemExit("rows are missing after kill -9")
    report("seconds to start after kill -9; MB of log since the start", seconds, size / 1e6)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default=".")
    p.add_argument("--work", default="bench-work/small")
    p.add_argument("--peers", help="folder that has libchdb.so")
    p.add_argument("--pg", help="connection of a PostgreSQL with synchronous_commit = on")
    p.add_argument("--seconds", type=int, default=8)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--only", default=".")
    args = p.parse_args()
    os.makedirs(args.work, exist_ok=True)
    print("| what | ours | theirs | ours / theirs |\n|---|---|---|---|")

    def report(what, ours, theirs):
        print("| %s | %.4g | %s | %s |" % (what, ours, "%.4g" % theirs if theirs else "", "%.2f" % (ours / theirs) if theirs else ""),
              flush=True)

    s = Server(os.path.abspath(args.build), os.path.join(args.work, "ours"))
    try:
        for part in (single_rows, batches, scan, recovery):
            if re.search(args.only, part.__name__):
                part(args, s, report)
    finally:
        s.end()


if __name__ == "__main__":
    try:
        main()
    except EngineError as e:
        raise SystemExit(str(e))
