-- over: pg
-- Aggregates of PostgreSQL: result types, ORDER BY inside, FILTER, DISTINCT.
CREATE TABLE t (g integer, x integer, f double precision, s text, b boolean);
INSERT INTO t VALUES (1, 10, 1.5, 'b', true), (1, 20, 2.5, 'a', false), (2, NULL, NULL, NULL, NULL), (2, 5, 0.5, 'c', true), (3, NULL, NULL, NULL, NULL);
SELECT count(*), count(x), sum(x), avg(x), min(x), max(x), sum(f), avg(f) FROM t;
SELECT g, count(*), sum(x), avg(x), min(s), max(s) FROM t GROUP BY g ORDER BY g;
SELECT string_agg(s, ','), string_agg(s, ',' ORDER BY s), array_agg(x ORDER BY x), array_agg(x) FILTER (WHERE x > 5) FROM t;
SELECT count(DISTINCT g), sum(DISTINCT g), count(*) FILTER (WHERE b), sum(x) FILTER (WHERE g = 1) FROM t;
SELECT bool_and(b), bool_or(b), bit_and(x), bit_or(x), bit_xor(x) FROM t;
SELECT stddev(x), variance(x), stddev_pop(x), var_pop(x), stddev_samp(f), var_samp(f) FROM t;
SELECT sum(x), count(*), avg(x), max(s), string_agg(s, ','), array_agg(x) FROM t WHERE false;
SELECT g, sum(x) FROM t WHERE false GROUP BY g;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x), percentile_disc(0.5) WITHIN GROUP (ORDER BY x), mode() WITHIN GROUP (ORDER BY g) FROM t;
SELECT corr(x, f), covar_pop(x, f), regr_slope(x, f) FROM t;
SELECT g, sum(x) AS s FROM t GROUP BY g HAVING sum(x) > 5 ORDER BY s DESC;
SELECT g, x FROM t GROUP BY g;
SELECT sum(s) FROM t;
SELECT sum(sum(x)) FROM t;
SELECT x FROM t WHERE sum(x) > 1;
SELECT sum(x::bigint), sum(x::smallint), sum(x::numeric), sum(f::real), avg(x::bigint) FROM t;
SELECT json_agg(s ORDER BY s), jsonb_agg(x ORDER BY x), json_object_agg(g, x ORDER BY x) FROM t WHERE x IS NOT NULL;
