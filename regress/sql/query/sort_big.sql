-- over: http
-- Sorting more rows than a batch, by several keys, with a limit and without.
SELECT groupArray(number) FROM (SELECT number FROM numbers(100000) ORDER BY intHash32(number), number LIMIT 5);
SELECT sum(number * rn) FROM (SELECT number, rowNumberInAllBlocks() AS rn FROM (SELECT number FROM numbers(1000) ORDER BY number % 10, number DESC)) FORMAT Null;
SELECT s FROM (SELECT toString(number) AS s FROM numbers(100000)) ORDER BY s DESC LIMIT 3;
SELECT k, v FROM (SELECT number % 3 AS k, intHash32(number) AS v, number AS n FROM numbers(100000)) ORDER BY k DESC, v, n LIMIT 3;
SELECT x FROM (SELECT if(number % 1000 = 0, NULL, number) AS x FROM numbers(5000)) ORDER BY x DESC LIMIT 2;
SELECT count(), sum(number) FROM (SELECT number FROM numbers(200000) ORDER BY number % 1001);
SELECT number FROM (SELECT number FROM numbers(100000)) ORDER BY number LIMIT 2 OFFSET 99998;
