-- over: http
-- Functions for NULL.
SELECT coalesce(NULL, NULL, 3, 4), coalesce(NULL, 'x'), coalesce(NULL), coalesce(1, 2);
SELECT ifNull(NULL, 5), ifNull(3, 5), nullIf(1, 1), nullIf(1, 2), nullIf('a', 'a');
SELECT assumeNotNull(toNullable(5)), toTypeName(assumeNotNull(toNullable(5))), toTypeName(toNullable(5)), toNullable('a');
SELECT toTypeName(NULL), toTypeName([NULL]), toTypeName([1, NULL]), toTypeName(coalesce(toNullable(1), 2)), toTypeName(ifNull(toNullable(1), 0));
SELECT NULL + 1, concat('a', NULL), length(NULL), toString(NULL), NULL IN (1, NULL), 1 IN (1, NULL);
SELECT sum(x), count(x), count(), avg(x), min(x), max(x), any(x) FROM (SELECT arrayJoin([1, NULL, 3]) AS x);
SELECT x, isNull(x), x + 1, x = 2 FROM (SELECT arrayJoin([1, NULL, 2]) AS x) ORDER BY x;
SELECT x FROM (SELECT arrayJoin([3, NULL, 1]) AS x) ORDER BY x NULLS FIRST;
SELECT x FROM (SELECT arrayJoin([3, NULL, 1]) AS x) ORDER BY x DESC;
SELECT x, count() FROM (SELECT arrayJoin([1, NULL, 1, NULL]) AS x) GROUP BY x ORDER BY x;
SELECT greatest(1, NULL), least(NULL, 1), [1, NULL, 3][2], tuple(1, NULL);
