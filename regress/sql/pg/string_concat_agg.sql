-- over: pg
-- string_agg and array_agg with order, distinct and filter, nested in expressions.
CREATE TABLE t (g integer, s text, n integer);
INSERT INTO t VALUES (1, 'b', 2), (1, 'a', 1), (2, 'c', 3), (2, NULL, 4), (1, 'a', 5);
SELECT g, string_agg(s, ',' ORDER BY n) FROM t GROUP BY g ORDER BY g;
SELECT g, string_agg(DISTINCT s, '-') FROM t GROUP BY g ORDER BY g;
SELECT array_agg(n ORDER BY n DESC), array_agg(DISTINCT g ORDER BY g) FROM t;
SELECT array_to_string(array_agg(s ORDER BY n), '+', '?') FROM t;
SELECT length(string_agg(s, '')), upper(string_agg(s, '' ORDER BY n)) FROM t;
SELECT g, count(*) FILTER (WHERE s = 'a') AS a, sum(n) FILTER (WHERE s IS NULL) AS nulls FROM t GROUP BY g ORDER BY g;
SELECT string_agg(n::text, ',' ORDER BY n) FROM t WHERE g = 9;
