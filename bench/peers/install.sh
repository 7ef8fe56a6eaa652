#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches the reference engines into a folder of its own: the embedded ClickHouse (libchdb.so) and DuckDB (libduckdb.so),
# as prebuilt libraries of their Node packages. Nothing is built and nothing outside the folder changes, except that npm
# is installed where it is missing.
#   PEERS   the folder
set -eu
: "${PEERS:?folder for the reference engines}"
mkdir -p "$PEERS/npm"
cd "$PEERS/npm"
if [ -n "$(find . -name libchdb.so -print -quit)" ] && [ -n "$(find . -name 'libduckdb.so*' -print -quit)" ]; then
	exit 0
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
command -v npm >/dev/null || { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends npm; }
[ -f package.json ] || npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts chdb@3.4.0 @chdb/lib-linux-x64-gnu@26.7.3-stable.1 @duckdb/node-api@1.5.6-r.1
