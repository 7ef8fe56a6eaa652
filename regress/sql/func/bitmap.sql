-- over: http
-- Bitmaps keep ClickHouse's bytes, small and large, of every width, and its answers at the edges.
SELECT hex(groupBitmapState(number)) FROM numbers(3);
SELECT hex(groupBitmapState(toUInt32(number))) FROM numbers(100);
SELECT hex(groupBitmapState(number)), hex(groupBitmapState(number * 1000)) FROM numbers(40);
SELECT hex(groupBitmapState(toInt16(number) - 5)), hex(groupBitmapState(toUInt8(number))) FROM numbers(40);
SELECT cityHash64(hex(groupBitmapState(toUInt32(number * 7)))), cityHash64(hex(groupBitmapState(number * 123456789))) FROM numbers(50000);
SELECT cityHash64(hex(groupBitmapState(toUInt32(cityHash64(number) % 100000)))) FROM numbers(50000);
SELECT groupBitmap(number), groupBitmap(toInt64(number) - 5), groupBitmap(number % 300) FROM numbers(1000);
SELECT groupBitmap(number) FROM numbers(0);
SELECT groupBitmap('a');
SELECT groupBitmap(toNullable(1)), groupBitmap(NULL), toTypeName(groupBitmap(toNullable(1)));
SELECT groupBitmapAnd(z), groupBitmapOr(z), groupBitmapXor(z), bitmapToArray(groupBitmapAndState(z)), toTypeName(groupBitmapAndState(z)) FROM (SELECT bitmapBuild(arrayJoin([[1, 2, 3], [2, 3, 4]])) AS z);
SELECT groupBitmapAnd(bitmapBuild([1])) FROM numbers(0);
SELECT bitmapToArray(bitmapBuild([3, 1, 2, 2])), bitmapMin(bitmapBuild(emptyArrayUInt8())), bitmapMax(bitmapBuild(emptyArrayUInt32())), bitmapMin(bitmapBuild(emptyArrayUInt64()));
SELECT bitmapBuild(toInt64(1));
SELECT bitmapBuild(['a']);
SELECT bitmapBuild([1, NULL]);
SELECT bitmapAnd(bitmapBuild([1, 2]), bitmapBuild([1000, 2]));
SELECT bitmapCardinality(1);
SELECT bitmapToArray(bitmapBuild([-1, 2])), toTypeName(bitmapBuild([-1, 2])), bitmapMax(bitmapBuild([-1, 5]));
SELECT hex(bitmapOr(bitmapBuild(range(30)), bitmapBuild(range(20, 40)))), hex(bitmapAnd(bitmapBuild(range(50)), bitmapBuild(range(20, 40)))), hex(bitmapAnd(bitmapBuild(range(50)), bitmapBuild(range(20, 80))));
SELECT bitmapXorCardinality(bitmapBuild(range(100)), bitmapBuild(range(50, 200))), bitmapAndnotCardinality(bitmapBuild(range(100)), bitmapBuild(range(50, 200))), bitmapHasAny(bitmapBuild(range(100)), bitmapBuild([99])), bitmapHasAll(bitmapBuild(range(100)), bitmapBuild([100]));
SELECT bitmapToArray(bitmapSubsetInRange(bitmapBuild(range(100)), 30, 35)), bitmapToArray(bitmapSubsetLimit(bitmapBuild(range(100)), 30, 3)), bitmapToArray(subBitmap(bitmapBuild(range(100)), 10, 3));
SELECT bitmapToArray(bitmapTransform(bitmapBuild([1, 2, 3, 4, 5]), [5, 999, 2], [2, 888, 20]));
SELECT bitmapTransform(bitmapBuild([1, 2]), [5, 999], [2]);
SELECT bitmapContains(bitmapBuild([1, 5, 7, 9]), 9), bitmapContains(bitmapBuild([1, 5]), 256), bitmapContains(bitmapBuild([toInt8(-1), 5]), -1);
SELECT finalizeAggregation(CAST(unhex('0A'), 'AggregateFunction(count)')), hex(CAST(sumState(1) AS String));
SELECT CAST(unhex('0A0A'), 'AggregateFunction(count)');
