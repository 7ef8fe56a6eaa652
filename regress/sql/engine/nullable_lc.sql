-- over: http
-- Nullable and LowCardinality columns on disk.
CREATE TABLE t (k UInt32, n Nullable(String), lc LowCardinality(String), lcn LowCardinality(Nullable(String)), nf Nullable(Float32), fs LowCardinality(FixedString(2)) DEFAULT '\0\0') ENGINE = MergeTree ORDER BY k;
INSERT INTO t (k, n, lc, lcn, nf) SELECT number, if(number % 3 = 0, NULL, toString(number)), concat('v', toString(number % 10)), if(number % 4 = 0, NULL, toString(number % 5)), if(number % 2, number / 2, NULL) FROM numbers(20000);
SELECT count(n), count(lcn), count(nf), uniqExact(lc), uniqExact(lcn), sum(nf) FROM t;
SELECT k, n, lc, lcn, nf, hex(fs) FROM t WHERE k < 5 ORDER BY k;
SELECT lc, count() FROM t GROUP BY lc ORDER BY lc LIMIT 3;
SELECT lcn, count() FROM t GROUP BY lcn ORDER BY lcn;
SELECT count() FROM t WHERE lc = 'v3';
SELECT count() FROM t WHERE lc IN ('v1', 'v2', 'nope');
SELECT count() FROM t WHERE n IS NULL;
SELECT count() FROM t WHERE lcn IS NULL AND lc LIKE '%4';
SELECT toTypeName(lc), toTypeName(lcn), toTypeName(upper(lc)), toTypeName(lc || 'x'), toTypeName(length(lc)) FROM t LIMIT 1;
INSERT INTO t (k, fs) VALUES (100000, 'US'), (100001, 'D');
SELECT fs, length(fs), fs = 'US' FROM t WHERE k >= 100000 ORDER BY k;
INSERT INTO t (k, fs) VALUES (1, 'TOO');
SELECT toLowCardinality('a'), toTypeName(toLowCardinality(1::UInt8)), lowCardinalityKeys(toLowCardinality('a')), max(lc), min(lcn) FROM t;
OPTIMIZE TABLE t FINAL;
SELECT count(n), count(lcn), sum(nf), uniqExact(lc) FROM t;
INSERT INTO t (k, lc) VALUES (5, NULL);
SELECT lc FROM t WHERE k = 5 ORDER BY lc;
