-- over: http
-- The rarer functions of this family.
SELECT mapPopulateSeries(map(1, 10, 4, 20)), mapPopulateSeries([1, 3], [5, 6], 4), mapPartialSort((k, v) -> v, 2, map('a', 3, 'b', 1, 'c', 2)), extractKeyValuePairs('a:1, b:2');
