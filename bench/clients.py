#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many clients side by side: short dashboard queries on 64 connections, over HTTP beside Debian's clickhouse-server 18.16
and over PostgreSQL's wire beside PostgreSQL.

  clients.py --build DIR [--work DIR] [--pg 'host=… port=… user=… dbname=…'] [--clients 64] [--seconds 8] [--rounds 3]

The table has plain types only, which 18.16 knows; all engines get the same rows, and the answers of every query are compared
first. Runs take turns; the table has the best round of each. 18.16 comes from Debian's archive by `apt-get download` and is
unpacked, not installed; where it cannot be had, or PostgreSQL is not there, that line is left out. Loopback only.
"""
import argparse
import atexit
import glob
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peers"))
from engines import EngineError, Http, process_cpu

TEAMS, ROWS = 1000, 1000000
COLUMNS = (("team_id", "UInt64", "bigint"), ("day", "Date", "date"), ("event", "String", "text"), ("user_id", "UInt64", "bigint"),
           ("url", "String", "text"), ("tokens", "UInt32", "integer"), ("cost", "Float64", "double precision"))
FILL = ("SELECT number % {t}, toDate('2026-01-01') + intDiv(number, {t}) % 90, concat('event_', toString(intHash64(number) % 12)),"
        " intHash64(number + 7) % 5000, concat('/page/', toString(intHash64(number + 3) % 300)), intHash64(number + 5) % 4096,"
        " (intHash64(number + 9) % 1000) / 8 FROM numbers({r})").format(t=TEAMS, r=ROWS)
QUERIES = (
    "SELECT count(*), sum(cost) FROM ev WHERE team_id = {t} AND day >= '2026-01-15' AND day < '2026-02-15'",
    "SELECT event, count(*) AS c FROM ev WHERE team_id = {t} GROUP BY event ORDER BY c DESC, event LIMIT 10",
    "SELECT day, count(*), sum(tokens) FROM ev WHERE team_id = {t} AND day >= '2026-03-01' GROUP BY day ORDER BY day",
    "SELECT url, count(*) AS c FROM ev WHERE team_id = {t} AND event = 'event_3' GROUP BY url ORDER BY c DESC, url LIMIT 5")


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default=".")
    p.add_argument("--work", help="default BUILD/bench-work")
    p.add_argument("--pg", default="", help="a PostgreSQL; tables are made and dropped in it")
    p.add_argument("--clients", type=int, default=64)
    p.add_argument("--seconds", type=float, default=8)
    p.add_argument("--rounds", type=int, default=3)
    a = p.parse_args()
    a.build, a.work = os.path.abspath(a.build), os.path.abspath(a.work or os.path.join(a.build, "bench-work"))
    return a


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def request_texts():
    return [q.format(t=t) for t in range(0, TEAMS, 7) for q in QUERIES]


# ---------------------------------------------------------------- the two protocols
def http_request(port, sql):
    return ("GET /?query=%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: keep-alive\r\n\r\n" % (
        urllib.parse.quote(sql), port)).encode()


def http_done(got):
    head = got.find(b"\r\n\r\n")
    if head < 0:
        return False
    if not got.startswith(b"HTTP/1.1 200"):
        raise EngineError(got[:300].decode(errors="replace"))
    lower = got[:head].lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        return len(got) >= head + 4 + int(lower[at + 15:].split(b"\r\n")[0])
    body = got[head + 4:]
    return body == b"0\r\n\r\n" or body.endswith(b"\r\n0\r\n\r\n")


def pg_request(port, sql):
    text = sql.encode() + b"\0"
    return b"Q" + struct.pack("!i", 4 + len(text)) + text


def pg_done(got):
    if got[:1] == b"E":
        raise EngineError(got[:300].decode(errors="replace"))
    return got.endswith(b"Z\0\0\0\5I")


def pg_login(s, user, database):
    text = b"user\0" + user.encode() + b"\0database\0" + database.encode() + b"\0application_name\0clients.py\0\0"
    s.sendall(struct.pack("!ii", 8 + len(text), 196608) + text)
    got = b""
    while not got.endswith(b"Z\0\0\0\5I"):
        more = s.recv(65536)
        if not more or got[:1] == b"E":
            raise EngineError("login: " + got.decode(errors="replace"))
        got += more


class Target:
    """A server as the load sees it."""

    def __init__(self, name, port, protocol, pid=None, user="default", database="default"):
        self.name, self.port, self.protocol, self.pid, self.user, self.database = name, port, protocol, pid, user, database
        self.best, self.pids = None, None # pids: of backends, where every connection is a process

    def cpu_used(self):
        pids = self.pids() if self.pids else [self.pid]
        return sum(process_cpu(p) for p in pids)

    def open(self):
        s = socket.create_connection(("127.0.0.1", self.port), 30)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.protocol == "pg":
            pg_login(s, self.user, self.database)
        s.setblocking(False)
        return s

    def load(self, clients, seconds):
        """(queries a second, p50 ms, p99 ms, CPU ms a query)."""
        make, done = (http_request, http_done) if self.protocol == "http" else (pg_request, pg_done)
        requests = [make(self.port, q) for q in request_texts()]
        poll, open_ = select.epoll(), {}
        for _ in range(clients):
            s = self.open()
            open_[s.fileno()] = [s, b"", 0.0]
            poll.register(s.fileno(), select.EPOLLIN)
        times, next_, end = [], 0, time.perf_counter() + seconds
        cpu, begin = self.cpu_used(), time.perf_counter()
        for c in open_.values():
            c[2] = time.perf_counter()
            c[0].send(requests[next_ % len(requests)])
            next_ += 1
        while time.perf_counter() < end:
            for fd, _ in poll.poll(1):
                c = open_[fd]
                more = c[0].recv(1 << 18)
                if not more:
                    raise EngineError(self.name + " closed a connection")
                c[1] += more
                if done(c[1]):
                    now = time.perf_counter()
                    times.append(now - c[2])
                    c[1], c[2] = b"", now
                    c[0].send(requests[next_ % len(requests)])
                    next_ += 1
        took = time.perf_counter() - begin
        cpu = self.cpu_used() - cpu
        for c in open_.values():
            c[0].close()
        times.sort()
        return (len(times) / took, times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3,
                cpu * 1e3 / len(times))


# ---------------------------------------------------------------- the engines
def start_ours(a):
    path = os.path.join(a.work, "clients-ours")
    shutil.rmtree(path, ignore_errors=True)
    http, pg = free_port(), free_port()
    p = subprocess.Popen([os.path.join(a.build, "hanzo-datastore"), "server", "--path", path, "--pg-port", str(pg), "--http-port",
                          str(http), "--native-port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    atexit.register(p.kill) # where a step fails
    if b"ready" not in p.stdout.readline():
        raise SystemExit("the server does not start")
    return p, http, pg


CONFIG = """<?xml version="1.0"?><yandex><logger><level>error</level><log>{d}/s.log</log><errorlog>{d}/e.log</errorlog></logger>
<http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><listen_host>127.0.0.1</listen_host><max_concurrent_queries>200</max_concurrent_queries>
<mark_cache_size>536870912</mark_cache_size><uncompressed_cache_size>1073741824</uncompressed_cache_size><path>{d}/data/</path>
<tmp_path>{d}/scratch/</tmp_path><users_config>users.xml</users_config><default_profile>default</default_profile>
<default_database>default</default_database></yandex>"""
USERS = """<?xml version="1.0"?><yandex><profiles><default><max_threads>2</max_threads><use_uncompressed_cache>1</use_uncompressed_cache>
</default></profiles><users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
<quota>default</quota></default></users><quotas><default></default></quotas></yandex>"""


def start_clickhouse(a):
    """Debian's 18.16: (process, port), or None."""
    d = os.path.join(a.work, "ch18")
    root, binary = os.path.join(d, "root"), os.path.join(d, "root/usr/sbin/clickhouse-server")
    try:
        if not os.path.exists(binary):
            os.makedirs(root, exist_ok=True)
            subprocess.run(["apt-get", "download", "clickhouse-server", "clickhouse-common"], cwd=d, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for deb in glob.glob(os.path.join(d, "*.deb")):
                subprocess.run(["dpkg", "-x", deb, root], check=True)
    except (OSError, subprocess.CalledProcessError) as e:
        print("-- clickhouse-server 18.16 cannot be had: %s" % e, file=sys.stderr)
        return None
    for name in ("data", "scratch"):
        shutil.rmtree(os.path.join(d, name), ignore_errors=True)
        os.makedirs(os.path.join(d, name))
    port = free_port()
    with open(os.path.join(d, "config.xml"), "w") as f:
        f.write(CONFIG.format(d=d, http=port, tcp=free_port()))
    with open(os.path.join(d, "users.xml"), "w") as f:
        f.write(USERS)
    libraries = os.path.join(root, "usr/lib/x86_64-linux-gnu")
    p = subprocess.Popen([binary, "--config-file=config.xml"], cwd=d, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         env=dict(os.environ, LD_LIBRARY_PATH=libraries))
    atexit.register(p.kill)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return p, port
        except OSError:
            if p.poll() is not None:
                break
            time.sleep(0.1)
    print("-- clickhouse-server 18.16 does not start: see " + d, file=sys.stderr)
    return None


def answers(run):
    return [run(q.format(t=t)).decode().strip() for t in (0, 7, 700) for q in QUERIES]


def psql(conninfo, sql, stdin=None):
    r = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", conninfo, "-c", sql], input=stdin,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if r.returncode != 0:
        raise EngineError(r.stderr.decode()[:300])
    return r.stdout


def option(conninfo, name, default):
    return next((x.split("=", 1)[1] for x in conninfo.split() if x.startswith(name + "=")), default)


def main():
    a = parse_arguments()
    os.makedirs(a.work, exist_ok=True)
    server, http, pg = start_ours(a)
    ours, ended = Http(http), [server]
    create = "CREATE TABLE ev (%s) ENGINE = %s"
    ours.run(create % (", ".join("%s %s" % c[:2] for c in COLUMNS), "MergeTree ORDER BY (team_id, day, event)"))
    ours.run("INSERT INTO ev " + FILL)
    ours.run("OPTIMIZE TABLE ev FINAL")
    rows = ours.run("SELECT * FROM ev FORMAT TSV")[1]
    targets = [Target("ours, HTTP", http, "http", server.pid), Target("ours, PostgreSQL's wire", pg, "pg", server.pid)]
    expected, checked = answers(lambda q: ours.run(q)[1]), []
    conninfo = "host=127.0.0.1 port=%d user=default dbname=default" % pg
    checked.append(("ours over PostgreSQL's wire", answers(lambda q: psql(conninfo, q))))
    found = start_clickhouse(a)
    if found:
        ended.append(found[0])
        ch = Http(found[1])
        ch.run(create % (", ".join("%s %s" % c[:2] for c in COLUMNS), "MergeTree(day, (team_id, day, event), 8192)"))
        ch.post("INSERT INTO ev FORMAT TabSeparated", rows)
        ch.run("OPTIMIZE TABLE ev FINAL")
        checked.append(("ClickHouse 18.16", answers(lambda q: ch.run(q)[1])))
        targets.insert(1, Target("ClickHouse 18.16, HTTP", found[1], "http", found[0].pid))
    if a.pg:
        psql(a.pg, "DROP TABLE IF EXISTS ev; CREATE TABLE ev (%s)" % ", ".join("%s %s" % (c[0], c[2]) for c in COLUMNS))
        psql(a.pg, "COPY ev FROM STDIN", rows)
        psql(a.pg, "CREATE INDEX ON ev (team_id, day, event)")
        psql(a.pg, "VACUUM ANALYZE ev")
        checked.append(("PostgreSQL", answers(lambda q: psql(a.pg, q))))
        targets.append(Target("PostgreSQL, its wire", int(option(a.pg, "port", "5432")), "pg", None, option(a.pg, "user", "postgres"),
                              option(a.pg, "dbname", "postgres")))
        backends = "SELECT pid FROM pg_stat_activity WHERE application_name = 'clients.py'"
        targets[-1].pids = lambda: [int(p) for p in psql(a.pg, backends).split()]
    for name, got in checked:
        print("answers of %s: %s" % (name, "same" if got == expected else "DIFFERENT"))
    for _ in range(a.rounds):
        for t in targets:
            r = t.load(a.clients, a.seconds)
            t.best = r if t.best is None or r[0] > t.best[0] else t.best
    print("\n| %d connections | queries a second | p50, ms | p99, ms | CPU ms a query |\n|---|--:|--:|--:|--:|" % a.clients)
    for t in targets:
        print("| %s | %.0f | %.1f | %.1f | %s |" % (t.name, t.best[0], t.best[1], t.best[2], "%.2f" % t.best[3]))
    if a.pg:
        psql(a.pg, "DROP TABLE ev")
    for p in ended:
        p.send_signal(signal.SIGTERM)
        try:
            p.wait(30)
        except subprocess.TimeoutExpired:
            p.kill()
    shutil.rmtree(os.path.join(a.work, "clients-ours"), ignore_errors=True)


if __name__ == "__main__":
    main()
