-- over: http
-- GROUP BY ALL, ORDER BY ALL, aliases that shadow columns, aggregates inside expressions.
SELECT number % 2 AS k, toString(number % 2) AS s, count() FROM numbers(5) GROUP BY ALL ORDER BY ALL;
SELECT k + 1 AS k1, sum(v) * 2 + count() AS x FROM (SELECT number % 2 AS k, number AS v FROM numbers(5)) GROUP BY k ORDER BY k1;
SELECT if(sum(number) > 5, 'many', 'few'), round(avg(number), 2), concat(toString(min(number)), '-', toString(max(number))) FROM numbers(5);
SELECT upper(s) AS s, count() FROM (SELECT arrayJoin(['a', 'A', 'b']) AS s) GROUP BY s ORDER BY s;
SELECT sum(number) AS total, total / count() AS mean FROM numbers(4) HAVING mean > 1;
