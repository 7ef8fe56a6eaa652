-- over: http
-- Keys that follow from other keys, sums of x + c, and groups that cannot come first are not computed; nobody must notice.
SELECT sum(x + 1), sum(x + 2), sum(x - 3), sum(7 + x), sum(x), count() FROM (SELECT toInt16(number) AS x FROM numbers(1000));
SELECT sum(y + 1), sum(y + 2), sum(y - 1), count(y) FROM (SELECT if(number % 2 = 0, NULL, toUInt8(number)) AS y FROM numbers(1000));
SELECT sum(z + 1), sum(z - 1), sum(z), toTypeName(sum(z + 1)) FROM (SELECT number * 1000000000000000000 AS z FROM numbers(1000));
SELECT sum(x + 1), sum(x + 2), toTypeName(sum(x + 2)) FROM (SELECT toInt16(number) AS x FROM numbers(0));
SELECT sum(y + 1), sum(y + 2) FROM (SELECT materialize(NULL::Nullable(Int32)) AS y FROM numbers(3));
SELECT sum(f + 1), sum(f + 2) FROM (SELECT number / 4 AS f FROM numbers(10));
SELECT k, sum(x + 1) AS a, sum(x + 2) AS b FROM (SELECT number % 3 AS k, toUInt32(number) AS x FROM numbers(100)) GROUP BY k HAVING b > 1650 ORDER BY k;
SELECT sumIf(x + 1, x > 3), sumIf(x + 2, x > 3), sum(DISTINCT x % 2 + 1), sum(DISTINCT x % 2 + 2) FROM (SELECT toInt32(number) AS x FROM numbers(10));
SELECT n, n - 1, n + 2, 1, count() FROM (SELECT number % 5 AS n FROM numbers(100)) GROUP BY n, n - 1, n + 2, 1 ORDER BY n;
SELECT 1, 2, count() FROM numbers(0) GROUP BY 1, 2;
SELECT 1 AS a, 2 AS b, count() FROM numbers(3) GROUP BY a, b;
SELECT 'x' AS a, count() FROM numbers(0) GROUP BY a;
SELECT n + 1 AS m, count() FROM (SELECT number % 5 AS n FROM numbers(100)) GROUP BY m, m * 2 ORDER BY m;
SELECT n, rand() % 1 AS r, count() FROM (SELECT number % 5 AS n FROM numbers(100)) GROUP BY n, r ORDER BY n;
SELECT number % 100000 AS k, count() AS c, sum(number) AS s FROM numbers(1000000) GROUP BY k ORDER BY s DESC LIMIT 5;
SELECT number % 100000 AS k, max(number % 777) AS m FROM numbers(300000) GROUP BY k ORDER BY m DESC, k DESC LIMIT 3 OFFSET 900;
SELECT toString(number % 50000) AS k, number % 7 AS j, min(if(number % 11 = 0, NULL, number)) AS m FROM numbers(200000) GROUP BY k, j ORDER BY m NULLS FIRST, k, j LIMIT 4;
SELECT number % 50000 AS k, avg(number) AS a FROM numbers(200000) GROUP BY k ORDER BY a LIMIT 3;
SELECT number % 20000 AS k, count() AS c FROM numbers(20010) GROUP BY k ORDER BY c DESC, k LIMIT 12;
SELECT max(number) AS m FROM numbers(5) ORDER BY m LIMIT 1;
