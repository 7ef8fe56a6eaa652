# SPDX-License-Identifier: Apache-2.0
# Schemas that ship as files.
hanzosqldir = $(pkgdatadir)/sql/hanzo
dist_hanzosql_DATA = sql/hanzo/hip-0047.sql sql/hanzo/hip-0047-codecs.sql sql/hanzo/unified.sql
