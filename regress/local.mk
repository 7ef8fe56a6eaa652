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
endif
EXTRA_DIST += regress/suite regress/suite-exec regress/README.md regress/pending.list \
	regress/lib regress/t regress/sql regress/expected \
	regress/oracle/ch_sql.py \
	regress/oracle/oracle.sh regress/oracle/ch_http.py regress/lint/lint

.PHONY: lint
check-local: $(check_PROGRAMS) $(bin_PROGRAMS)
	@$(srcdir)/regress/suite $(srcdir) $(builddir) "$(TESTS)" $(UNIT_TESTS)
lint:
	@$(srcdir)/regress/lint/lint $(srcdir)
clean-local: clean-regress
clean-regress:
	-rm -rf regress-out
# `check` is also the name of a target, so the two scripts cannot stand in EXTRA_DIST.
dist-hook: dist-scripts
.PHONY: dist-scripts
dist-scripts:
	cp -p $(srcdir)/run $(srcdir)/check $(distdir)/
