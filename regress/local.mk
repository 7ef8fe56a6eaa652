# SPDX-License-Identifier: Apache-2.0
# `make check` runs everything through prove; `make check TESTS=sql/func/array` (or t/, unit/…) picks by path.
if HAVE_PQ
check_PROGRAMS += regress/runner/regress
regress_runner_regress_SOURCES = \
	regress/runner/regress.c \
	regress/runner/case_file.c regress/runner/case_file.h \
	regress/runner/case_run.h regress/runner/case_run_pg.c regress/runner/case_run_http.c \
	regress/runner/http_lite.c regress/runner/http_lite.h \
	regress/runner/server_proc.c regress/runner/server_proc.h
regress_runner_regress_CFLAGS = $(AM_CFLAGS) $(PQ_CFLAGS)
regress_runner_regress_LDADD = libbase.a $(PQ_LIBS) $(SYSTEM_LIBS)
check_PROGRAMS += regress/history/history
regress_history_history_SOURCES = \
	regress/history/history_main.c regress/history/history.c regress/history/history.h \
	regress/history/history_check.c regress/history/history_graph.c regress/history/history_graph.h \
	regress/history/history_work.c regress/history/history_work.h regress/history/history_broken.c
regress_history_history_CFLAGS = $(AM_CFLAGS) $(PQ_CFLAGS)
regress_history_history_LDADD = $(PQ_LIBS) $(SYSTEM_LIBS)
endif

# The long run of the durability tests: SEED, RUNS, STEPS and CUTS choose another length (regress/README.md).
.PHONY: check-torture
check-torture: $(check_PROGRAMS) $(bin_PROGRAMS)
	ROUNDS=$${ROUNDS:-200} HISTORY_SECONDS=$${HISTORY_SECONDS:-600} HANZO_SHARD_SECONDS=14400 \
		$(srcdir)/regress/suite $(srcdir) $(builddir) "t/195 t/152"
	SEED=$${SEED:-$$(date +%s)} RUNS=$${RUNS:-200} STEPS=$${STEPS:-300} CUTS=$${CUTS:-400000} regress/unit/engine/replay_test

.PHONY: lint
check-local: $(check_PROGRAMS) $(bin_PROGRAMS)
	@$(srcdir)/regress/suite $(srcdir) $(builddir) "$(TESTS)" $(UNIT_TESTS)
# The same against the reference engines for hours: needs PGORACLE and PEERS (regress/README.md).
.PHONY: check-queries
check-queries: $(check_PROGRAMS) $(bin_PROGRAMS)
	@QUERY_COUNT=$${QUERY_COUNT-100000} $(srcdir)/regress/suite $(srcdir) $(builddir) t/155
lint:
	@$(srcdir)/regress/lint/lint $(srcdir)
clean-local: clean-regress
clean-regress:
	-rm -rf regress-out
# The archive has the tree as it is: a file that a list forgets is missed only by whoever unpacks it. Some of these are
# names of targets too, so they cannot stand in EXTRA_DIST. What a build inside the tree left there stays out.
dist-hook: dist-tree
.PHONY: dist-tree
dist-tree:
	cd $(srcdir) && tar cf - .ci run check src sql regress bench doc | tar xf - -C $(abs_builddir)/$(distdir)
	find $(distdir) \( -name '*.o' -o -name .dirstamp -o -name __pycache__ -o -name .deps \) -prune -exec rm -rf {} +
