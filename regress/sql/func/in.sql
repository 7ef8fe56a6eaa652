-- over: http
-- IN: constant sets, tuples, subqueries, NULLs, and types that must meet.
SELECT 1 IN (1, 2), 3 IN (1, 2), 'a' IN ('a', 'b'), 1 NOT IN (1, 2), 1 IN 1, (1, 'a') IN ((1, 'a')), 'x' IN ('y');
SELECT number FROM numbers(6) WHERE number IN (1, 3, 99) ORDER BY number;
SELECT number FROM numbers(6) WHERE number NOT IN (SELECT number * 2 FROM numbers(3)) ORDER BY number;
SELECT number FROM numbers(4) WHERE (number, number + 1) IN (SELECT 1, 2) ORDER BY number;
SELECT number IN (SELECT 2), count() FROM numbers(4) GROUP BY 1 ORDER BY 1;
SELECT NULL IN (1), NULL IN (NULL), 1 IN (NULL), 1 NOT IN (NULL, 2), toNullable(1) IN (1, 2);
SELECT 1 IN (1.0, 2), 1.5 IN (1, 1.5), toDate('2024-01-01') IN ('2024-01-01', '2024-01-02'), toUInt8(1) IN (1, 256), -1 IN (4294967295), toInt64(-1) IN (-1);
SELECT 'b' IN (SELECT arrayJoin(['a', 'b'])), 5 IN (SELECT number FROM numbers(5)), 1 IN (SELECT 1 WHERE 0);
SELECT in(1, (1, 2)), notIn(1, tuple(1, 2)), 2 IN [1, 2], 'a' IN ['a'];
SELECT 1 IN (SELECT 1, 2);
SELECT x FROM (SELECT arrayJoin(['a', 'b', 'c']) AS x) WHERE x GLOBAL IN ('a', 'c') ORDER BY x;
SELECT 1 IN (SELECT NULL), count() FROM numbers(3) WHERE number IN (0, NULL);
-- nobody is left to be asked
SELECT number FROM numbers(3) WHERE number > 100 AND (5 IN (SELECT number FROM numbers(9)));
SELECT number > 100 AND (5 IN (SELECT number FROM numbers(9))) AS a, CASE WHEN number > 100 THEN 5 IN (SELECT number FROM numbers(9)) END AS b FROM numbers(3) ORDER BY number;
