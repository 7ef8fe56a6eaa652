# SPDX-License-Identifier: Apache-2.0
# The generators of HIP-0047's events and of TPC-H's tables, and `make bench`: side by side with the reference engines.
noinst_PROGRAMS += bench/hanzo-gen-events bench/hanzo-gen-tpch
bench_hanzo_gen_events_SOURCES = bench/gen_events.c bench/gen_row.c bench/gen_row.h bench/gen_text.c bench/gen_text.h
bench_hanzo_gen_events_LDADD = -lm
bench_hanzo_gen_tpch_SOURCES = bench/gen_tpch.c bench/gen_tpch_words.h

.PHONY: bench
bench: bench/hanzo-gen-events $(bin_PROGRAMS)
	@python3 $(srcdir)/bench/bench.py --build $(builddir) --rows "$(ROWS)" --workloads "$(WORKLOADS)"
