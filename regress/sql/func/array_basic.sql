-- over: http
-- Arrays: construction, the common element type, element access counted from 1 and from the end.
SELECT [1, 2, 3], array(1, 2), [], ['a', 'b'], [1, 2.5], [1, NULL], [[1, 2], [3]], emptyArrayInt64();
SELECT toTypeName([1, 300]), toTypeName([1, -1]), toTypeName([1, 2.5]), toTypeName([]), toTypeName([NULL, 1]), toTypeName([[1], []]), toTypeName([toDate('2024-01-01')]);
SELECT [10, 20, 30][1], [10, 20, 30][-1], [10, 20, 30][4], ['a'][2] = '', arrayElement([1, 2], 2), [1, NULL][2], [[1, 2], [3]][2][1];
SELECT length([1, 2, 3]), length([]), empty([]), notEmpty([1]);
SELECT has([1, 2, 3], 2), has([1, 2], 5), has([1, NULL], NULL), has(['a', 'b'], 'b'), hasAll([1, 2, 3], [1, 3]), hasAny([1, 2], [5, 2]), hasAll([1], []), hasSubstr([1, 2, 3, 4], [2, 3]);
SELECT indexOf([1, 2, 3, 2], 2), indexOf([1], 9), indexOf(['a', 'b'], 'b'), countEqual([1, 2, 1], 1), countEqual([NULL, NULL], NULL);
SELECT [1, 2] = [1, 2], [1, 2] < [1, 3], [1, 2] != [2, 1], ['a'] < ['b'];
SELECT [1, 'a'];
SELECT [10, 20, 30][0];
SELECT [1, 2, 3][number] FROM numbers(1, 4);
SELECT a, length(a) FROM (SELECT range(number) AS a FROM numbers(4)) ORDER BY length(a);
