-- over: http
-- EXPLAIN SYNTAX spells operators and sugar as functions, EXPLAIN AST shows their tree, EXPLAIN QUERY TREE types.
EXPLAIN SYNTAX SELECT a.x, b.y + 1 FROM (SELECT 1 AS x) a LEFT JOIN (SELECT 1 AS x, 2 AS y) b USING (x) WHERE y > 1 AND x BETWEEN 1 AND 2 GROUP BY ALL ORDER BY 1 DESC LIMIT 3;
EXPLAIN SYNTAX SELECT number % 2 AS k, sum(number) FILTER (WHERE number > 1), CASE WHEN k THEN 1 ELSE 2 END, -number, NOT k, number::String, [1,2], (1, 2), number IS NULL, arr[1], t.1, x -> x+1, number || 'a', date '2020-01-01', interval 1 day FROM numbers(10) GROUP BY k HAVING k > 0;
EXPLAIN SYNTAX oneline=1 SELECT 1+2;
EXPLAIN SYNTAX INSERT INTO t SELECT 1+2;
EXPLAIN AST SELECT a+1 AS b, count(*) FROM t AS x WHERE a = 'q' GROUP BY b ORDER BY b DESC LIMIT 10;
EXPLAIN AST INSERT INTO t SELECT 1;
EXPLAIN AST SELECT x->x+1, 'a' AS b, NULL, 1.5, -1, [1,2], (1,2), a.b, count(DISTINCT x), x IN (1,2), x IN (SELECT 1), CASE WHEN a THEN b END, a BETWEEN 1 AND 2, a::String, cast(a as UInt8), interval 1 day, t.*, x[1], quantile(0.5)(x), sum(x) OVER (PARTITION BY y ORDER BY z), true FROM t;
EXPLAIN AST SELECT 1 FROM a LEFT JOIN b USING (x) JOIN c ON a.x=c.x ARRAY JOIN d;
EXPLAIN QUERY TREE SELECT 1 AS a UNION ALL SELECT 2;
EXPLAIN QUERY TREE SELECT count(), sum(a) AS s, s + 1 FROM (SELECT 1 AS a, 2 AS b) GROUP BY b;
EXPLAIN SYNTAX SELECT x FROM (SELECT 1 AS x UNION ALL SELECT 2) WHERE x IN (SELECT 1+1);
EXPLAIN SYNTAX SELECT a AND b AND c OR d, a NOT IN (1,2), a IN (1), a LIKE 'x', a NOT LIKE 'x', a ILIKE 'b', NOT (a=1), a != 1, a || b || c, a ? 1 : 2, CASE a WHEN 1 THEN 2 END, CAST(a AS String), cast('1', 'UInt8'), toDate('2020-01-01'), EXTRACT(year FROM a), true, NULL, 1.5, -1, 'x', [a,1], (a,1), INTERVAL 2 MONTH, a NOT BETWEEN 1 AND 2, a IS NOT NULL, a[1], a.b, t.1 FROM t;
EXPLAIN SYNTAX SELECT EXISTS(SELECT 1), (SELECT 1), [1,2][1], [[1],[2]], (1,'a',NULL), tuple(1), [], a.1.2, a in [1,2], map('a',1), -a, - (1), now() - INTERVAL 1 DAY, (a + b) * c, (1), ((a)) FROM t;
EXPLAIN SYNTAX SELECT * FROM t WHERE a IN (1,2) AND (b, c) IN ((1,2),(3,4)) AND d IN tbl AND e GLOBAL IN (SELECT 1);
EXPLAIN AST SELECT DISTINCT x FROM t FINAL SAMPLE 1/2 PREWHERE a WHERE b GROUP BY x WITH TOTALS HAVING c ORDER BY x LIMIT 1 BY y LIMIT 3 OFFSET 2;
EXPLAIN AST SELECT sum(x) FILTER (WHERE a), count(*) FILTER (WHERE b), extract(year from a), position('a' in b), a::Decimal(3,2), 1::UInt8, DATE '2020-01-01', x.1, if(a,1,2), a ? b : c, CASE a WHEN 1 THEN 2 ELSE 3 END, toString(1), COLUMNS(a,b), * REPLACE (1 AS a);
