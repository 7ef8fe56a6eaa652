-- over: http
-- Tuples: access by place and by name, comparison, conversion.
SELECT (1, 'a'), tuple(1, 2.5, 'x'), tuple(1), (1, 'a').1, (1, 'a').2, tupleElement((1, 'b'), 2), toTypeName((1, 'a', NULL));
SELECT CAST((1, 'x') AS Tuple(a UInt8, b String)) AS t, t.a, t.b, tupleElement(t, 'b'), toTypeName(t);
SELECT (1, 2) < (1, 3), (1, 2) = (1, 2), (1, 2) IN ((1, 2), (3, 4)), (1, 'a') NOT IN ((1, 'b')), (2, 1) > (1, 5);
SELECT t.1 AS k, t.2 AS v FROM (SELECT arrayJoin([(1, 'a'), (2, 'b')]) AS t) ORDER BY k;
SELECT arrayMap(x -> x.1 + x.2, [(1, 2), (3, 4)]), arrayMap(x -> (x, x * 2), [1, 2]), [(1, 'a'), (2, 'b')].1;
SELECT untuple((1, 'a')), (1, (2, 3)).2.1;
SELECT max((number % 3, number)), min((number % 3, number)) FROM numbers(10);
SELECT t, count() FROM (SELECT (number % 2, number % 3) AS t FROM numbers(12)) GROUP BY t ORDER BY t;
SELECT (1, 2).3;
