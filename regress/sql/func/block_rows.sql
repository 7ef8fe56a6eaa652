-- over: http
-- Functions that look at other rows of the block, and settings as values.
SELECT runningDifference(x), toTypeName(runningDifference(x)) FROM (SELECT arrayJoin([toUInt8(5),3,9]) AS x) SETTINGS allow_deprecated_error_prone_window_functions = 1;
SELECT runningDifference(x), runningDifferenceStartingWithFirstValue(x), toTypeName(runningDifference(x)) FROM (SELECT arrayJoin([1.5,NULL,3]) AS x) SETTINGS allow_deprecated_error_prone_window_functions = 1;
SELECT runningDifference(1);
SELECT neighbor(number, 1), neighbor(number, -1, 100), toTypeName(neighbor(number, 1)) FROM numbers(3) SETTINGS allow_deprecated_error_prone_window_functions = 1;
SELECT runningAccumulate(s) FROM (SELECT sumState(number) AS s FROM numbers(4) GROUP BY number ORDER BY number) SETTINGS allow_deprecated_error_prone_window_functions = 1;
SELECT rowNumberInAllBlocks(), rowNumberInBlock(), number FROM numbers(3);
SELECT toTypeName(getSetting('max_block_size')), toTypeName(getSetting('optimize_read_in_order')), toTypeName(getSetting('max_execution_time')), toTypeName(getSetting('log_comment'));
SELECT getSettingOrDefault('nope', 'abc'), getSettingOrDefault('nope', 5), getSetting('max_block_size');
SELECT getSetting('nope');
SELECT randomFixedString(0);
SELECT randomFixedString('a');
SELECT toTypeName(randomFixedString(3)), toTypeName(randomStringUTF8(3)), lengthUTF8(randomStringUTF8(3)), toTypeName(randPoisson(3)), toTypeName(randBinomial(10, 0.5)), toTypeName(randStudentT(3)), toTypeName(randFisherF(3, 4));
SELECT countDigits(0), countDigits(-42), countDigits(toDecimal32(1.23, 2)), toTypeName(countDigits(1)), countDigits(toInt256('123456789012345678901234567890'));
SELECT countDigits(1.5);
SELECT isDecimalOverflow(toDecimal32(123456.78, 2), 3), isDecimalOverflow(toDecimal32(1.23, 2)), isDecimalOverflow(toDecimal32(9999999.99, 2), 9);
SELECT errorCodeToName(60), errorCodeToName(0), errorCodeToName(99999), toTypeName(errorCodeToName(60));
SELECT firstNonDefault(0, 1, 2), firstNonDefault('', 'a'), toTypeName(firstNonDefault(0, toUInt16(0)));
SELECT sqr(3), toTypeName(sqr(3)), avg2(1, 2), toTypeName(avg2(1, 2)), max2(1, 2.5), min2(1, 2.5), toTypeName(max2(1, 2));
SELECT uniq(toString(number)), uniq(hex(number)), uniq(negate(number)), uniqHLL12(toString(number)) FROM numbers(100000);
SELECT sum(sum(number)) FROM numbers(2);
SELECT sum(toString(sum(number))) FROM numbers(2);
SELECT CAST(unhex('20010DB800000000000000000000FF00')::FixedString(16) AS IPv6), CAST(IPv4ToIPv6(toUInt32(5)) AS IPv6);
SELECT IPv4ToIPv6(5);
