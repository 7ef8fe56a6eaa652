#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the answers of two engines to the queries of query_gen.py.

  query_diff.py pg CONNINFO CONNINFO SEED COUNT    PostgreSQL, then ours over its wire; databases made for it (psql)
  query_diff.py ch URL URL SEED COUNT              ClickHouse, then ours over HTTP

Prints every query whose rows differ (as sorted lists), with both answers; of errors only that there is one counts. Counted
apart: what ours does not support yet, and what the embedded ClickHouse refuses and ours answers. Status 0: no difference.
QUERY_SECONDS bounds the time.
"""
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request

GEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "query_gen.py")
SHARD = 100


def psql(conninfo, script):
    r = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-P", "null=\\N", "-d", conninfo, "-f", "-"],
                       input=script, capture_output=True, text=True)
    return r.stdout


class Pg:
    def __init__(self, conninfo, ours):
        name = "fuzz_%d" % os.getpid()
        how = "" if ours else " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        self.admin, self.name = conninfo, name
        psql(conninfo, "CREATE DATABASE %s%s;" % (name, how))
        self.conninfo = " ".join(w for w in conninfo.split() if not w.startswith("dbname=")) + " dbname=" + name

    def setup(self, statements):
        psql(self.conninfo, "".join(s + ";\n" for s in statements))

    def run(self, queries):
        script = "SET client_min_messages = error; SET statement_timeout = '20s';\n"
        for q in queries:
            script += "%s;\n\\echo \x1e:SQLSTATE\n" % q
        blocks = psql(self.conninfo, script).split("\x1e")
        out = []
        for n in range(len(queries)):
            state = blocks[n + 1].split("\n", 1)[0] if n + 1 < len(blocks) else "gone"
            body = blocks[n] if n == 0 else blocks[n].partition("\n")[2] if n < len(blocks) else ""
            out.append((state == "00000", body if state == "00000" else state))
        return out

    def close(self):
        psql(self.admin, "DROP DATABASE %s;" % self.name)


class Ch:
    def __init__(self, url, ours):
        self.url = url
        self.name = "fuzz_%d" % os.getpid()
        self.ask("CREATE DATABASE " + self.name, "")

    def ask(self, sql, database=None):
        extra = {"database": self.name if database is None else database, "max_execution_time": "20"}
        extra = {k: v for k, v in extra.items() if v}
        request = urllib.request.Request(self.url + "/?" + urllib.parse.urlencode(extra), data=sql.encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return True, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as e:
            return False, e.read().decode("utf-8", "replace")[:300]
        except OSError as e:
            return False, "gone: %s" % e

    def setup(self, statements):
        for s in statements:
            ok, text = self.ask(s)
            if not ok:
                raise SystemExit("%s: %s" % (s, text))

    def run(self, queries):
        return [self.ask(q) for q in queries]

    def close(self):
        self.ask("DROP DATABASE " + self.name, "")


def main():
    kind, seed, count = sys.argv[1], sys.argv[4], int(sys.argv[5])
    text = subprocess.run([sys.executable, GEN, kind, seed, str(count)], capture_output=True, text=True, check=True).stdout
    setup, _, queries = text.partition("\n\n")
    queries = queries.strip().split("\n")
    engine = Pg if kind == "pg" else Ch
    sides = [engine(sys.argv[2], False), engine(sys.argv[3], True)]
    differ = later = failed = more = 0
    try:
        for s in sides:
            s.setup(setup.split("\n"))
        end = time.time() + float(os.environ.get("QUERY_SECONDS", "1e9"))
        for at in range(0, len(queries), SHARD):
            if time.time() > end:
                queries = queries[:at]
                break
            part = queries[at:at + SHARD]
            theirs, ours = sides[0].run(part), sides[1].run(part)
            for q, a, b in zip(part, theirs, ours):
                failed += not a[0]
                if a[0] == b[0] and (not a[0] or sorted(a[1].split("\n")) == sorted(b[1].split("\n"))):
                    continue
                if not b[0] and (b[1] == "0A000" or "NOT_IMPLEMENTED" in b[1]):
                    later += 1
                    if os.environ.get("SHOW_LATER"):
                        print("later: %s\n   %s" % (q, b[1]))
                    continue
                if kind == "ch" and not a[0]:
                    more += 1
                    continue
                differ += 1
                print("query: %s\n theirs: %s\n ours:   %s" % (q, a[1].strip()[:1500], b[1].strip()[:1500]), flush=True)
    finally:
        for s in sides:
            s.close()
    print("# %d queries, %d differ, %d refused as not supported yet, %d answered here only, %d fail there"
          % (len(queries), differ, later, more, failed))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
