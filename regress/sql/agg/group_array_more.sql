-- over: http
-- The rarer functions of this family.
SELECT groupArrayInsertAt(number, number), groupArrayMovingSum(number), groupArrayMovingAvg(2)(number), groupArraySorted(3)(number), groupArrayLast(2)(number) FROM numbers(5);
SELECT arrayStringConcat(groupArray(toString(number)), ','), groupConcat(',')(number), group_concat(number), string_agg(toString(number), '-') FROM numbers(3);
SELECT groupBitAnd(number + 1), groupBitOr(number), groupBitXor(number), bitmapCardinality(groupBitmapState(number)), groupBitmap(number % 3) FROM numbers(5);
