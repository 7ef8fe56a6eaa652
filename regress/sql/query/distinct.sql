-- over: http
SELECT DISTINCT number % 3 AS x FROM numbers(10) ORDER BY x;
SELECT DISTINCT number % 2 AS a, number % 3 AS b FROM numbers(12) ORDER BY a, b;
SELECT count() FROM (SELECT DISTINCT number % 1000 FROM numbers(100000));
SELECT DISTINCT x FROM (SELECT arrayJoin([NULL, 1, NULL, 1]) AS x) ORDER BY x;
SELECT DISTINCT s FROM (SELECT arrayJoin(['b', 'a', 'b']) AS s) ORDER BY s LIMIT 1;
SELECT DISTINCT [number % 2] AS a FROM numbers(4) ORDER BY a;
SELECT DISTINCT ON (k) k, v FROM (SELECT number % 2 AS k, number AS v FROM numbers(6) ORDER BY k, v) ORDER BY k;
SELECT count(DISTINCT number % 3), count(DISTINCT number % 3, number % 2) FROM numbers(12);
SELECT DISTINCT 1 FROM numbers(5);
