-- over: http
-- Arrays out of groups.
SELECT groupArray(number) FROM numbers(5);
SELECT groupArray(3)(number), groupArray(0 + number) FROM numbers(4);
SELECT arraySort(groupUniqArray(number % 3)) FROM numbers(10);
SELECT k, groupArray(v) FROM (SELECT number % 2 AS k, number AS v FROM numbers(6) ORDER BY number) GROUP BY k ORDER BY k;
SELECT groupArray(x) FROM (SELECT arrayJoin([1, NULL, 2]) AS x);
SELECT groupArray(s), arraySort(groupUniqArray(s)) FROM (SELECT arrayJoin(['b', 'a', 'b']) AS s);
SELECT length(groupUniqArray(2)(number)) FROM numbers(10);
SELECT groupArray(x) FROM (SELECT 1 AS x WHERE 0);
SELECT groupArrayIf(number, number % 2), arraySort(groupUniqArrayIf(number, number < 3)) FROM numbers(6);
SELECT arraySort(groupUniqArrayArray(a)), groupArrayArray(a) FROM (SELECT [number, number + 1] AS a FROM numbers(3));
SELECT toTypeName(groupArray(toNullable(1))), toTypeName(groupArray((1, 'a'))), groupArray((number, toString(number))) FROM numbers(2);
