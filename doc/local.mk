# SPDX-License-Identifier: Apache-2.0
dist_doc_DATA = doc/README.md doc/start.md doc/hip-0047.md doc/clickhouse.md doc/postgresql.md doc/operations.md doc/differences.md
