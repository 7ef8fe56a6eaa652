#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Writes expected files from what the reference engines answer: the embedded ClickHouse for cases over HTTP, PostgreSQL 15
# for cases over its wire. Cases marked `hand` are left alone.
#   PEERS=DIR regress/oracle/oracle.sh [--only pg|http] PREFIX…
#   PEERS    holds libchdb.so somewhere below (bench/peers/install.sh puts it there)
#   PGORACLE conninfo of a running PostgreSQL 15 without dbname (default: host=127.0.0.1 port=25432 user=peer)
#   REGRESS  the runner (default: regress/runner/regress of the build tree we stand in)
# Read the differences (git diff regress/expected) before they are kept.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
: "${PEERS:?folder of the reference engines}"
: "${PGORACLE:=host=127.0.0.1 port=25432 user=peer}"
: "${REGRESS:=regress/runner/regress}"
lib=$(find "$PEERS" -name libchdb.so -print -quit)
port_file=$(mktemp)
trap 'rm -f "$port_file"; kill "$pid" 2>/dev/null' EXIT
python3 "$here/oracle/ch_http.py" "$lib" "$port_file" >/dev/null &
pid=$!
for _ in $(seq 100); do
	[ -s "$port_file" ] && break
	read -r -t 0.1 <> <(:) || true
done
"$REGRESS" --srcdir "$here" --outdir "$(mktemp -d)" --pg "$PGORACLE" --admin-db peer --http "127.0.0.1:$(cat "$port_file")" --write "$@" |
	grep -v '^ok' || true
