-- over: http
-- Queries as text: placeholders, hashes, one line; what is no query.
SELECT normalizeQuery('SELECT 1, \'a\''), normalizedQueryHash('SELECT 1');
SELECT normalizeQuery('[1, 2, 3, x]');
SELECT normalizeQuery('SELECT a, b FROM t WHERE x IN (1, 2, 3) AND y = \'abc\' -- comment\n AND z = -5 /* c */ LIMIT 1000');
SELECT normalizeQuery('SELECT `abc`, "def", t123, table_1, abcdefghijklmnopqrstuvwxyz0123456789abcdef, `1234567890123456789012345678901234567890`, 1 AS xyz10, (1,2), (1), {a:UInt8}, x -> x + 1');
SELECT normalizeQueryKeepNames('SELECT `abc`, "def", t123, table_1, abcdefghijklmnopqrstuvwxyz0123456789abcdef, `1234567890123456789012345678901234567890`, 1 AS xyz10');
SELECT normalizeQuery('INSERT INTO t VALUES (1, 2), (3, 4), (5, 6)');
SELECT normalizeQuery('SELECT   1   ,  2,3 ,  x,   4');
SELECT normalizeQuery('SELECT f00c5f11-0000-4000-8000-000000000000, 0x1F, 1.5e3, tmp_f00c5f1100004000, a1b2c3, aabb123456, xx12yy34zz');
SELECT normalizeQuery('SELECT "1 + 2", $1, ?, @x, \'a');
SELECT normalizedQueryHash('SELECT 1, 2, 3') = normalizedQueryHash('SELECT 1, 4, 5'), normalizedQueryHash('SELECT 1'), normalizedQueryHashKeepNames('SELECT 1 AS `xyz`'), normalizedQueryHash('select 1'), normalizedQueryHash('');
SELECT normalizedQueryHash('SELECT 1, 2'), normalizedQueryHash('SELECT a'), normalizedQueryHash(' SELECT  a '), normalizedQueryHash('a');
SELECT normalizeQuery('SELECT [1, [2, 3]], (1, (2, 3), ''a''), ((1,2),(3,4))');
SELECT normalizeQuery('SELECT 1.0, -1, +1, 1-2, a-1, (-1, -2), NULL, NULL, 1, true, false');
SELECT normalizeQuery('SELECT 1,\n\n2'), normalizeQuery('SELECT\n\ta\n\t,b');
SELECT normalizeQuery('SELECT x FROM t WHERE id = 12345 GROUP BY ALL; SELECT 2');
SELECT normalizeQuery('create table t1 (a Int32) engine=MergeTree'), normalizeQuery('SELECT NULL'), normalizeQuery('SELECT 1,NULL,2');
SELECT normalizeQuery('SELECT \'a\' AS x1, 1, 2 AS y');
SELECT normalizeQuery('SELECT 1, -a, 2'), normalizeQuery('SELECT 1,'), normalizeQuery('SELECT 1, 2,'), normalizeQuery('SELECT 1 , - 2, x'), normalizeQuery('SELECT 1, +a'), normalizeQuery('SELECT -1, -2'), normalizeQuery('SELECT 1, - -2'), normalizeQuery('  SELECT 1  ');
SELECT normalizedQueryHash('SELECT 1, -a, 2'), normalizedQueryHash('SELECT -1, -2, 3, x'), normalizedQueryHash('SELECT abc123, `1 2`, x FROM t -- abc'), normalizedQueryHash('SELECT \'a');
SELECT normalizeQuery('SELECT ''abc'' ''def'', $$abc$$, x\'41\', 1 2 3, b\'1\', 1e'), normalizeQuery('ab12 ab123 "a b" `a12` `a123` abcdefghijklmnopqrstuvwxyzabcdefghij abcdefghijklmnopqrstuvwxyzabcdefghi `abcdefghijklmnopqrstuvwxyzabcdefgh`  `abcdefghijklmnopqrstuvwxyzabcdefghi`');
SELECT normalizeQuery('SELECT 1 AS a, 2 AS b'), normalizeQuery('f(1,2,g(3),4)'), normalizeQuery('1,2'), normalizeQuery(''), normalizeQuery(' '), normalizeQuery('a'), normalizeQuery(';;'), normalizeQuery('SELECT é, 1');
SELECT formatQuerySingleLine('select a,b from t where x=1 and y in (1,2) order by 1 limit 5'), formatQueryOrNull('select (');
SELECT formatQuerySingleLine('select (');
SELECT formatQuery('select a,b from t where x=1 order by 1 limit 5');
