-- over: http
-- The rarer functions of this family.
SELECT rand() != rand(1) OR 1, toTypeName(rand()), toTypeName(rand64()), toTypeName(randCanonical()), randCanonical() < 1, uniqExact(rand()) > 50 FROM numbers(100);
SELECT length(randomString(5)), length(randomPrintableASCII(7)), length(randomFixedString(3)), randConstant() = randConstant(), max(randUniform(1, 2)) <= 2 FROM numbers(10);
SELECT materialize(5), identity(7), ignore(1, 2), toColumnTypeName(1), toTypeName(materialize('a')), isConstant(1), isConstant(materialize(1)), sleep(0), byteSize(toUInt32(1)), byteSize('abc'), blockNumber() >= 0, rowNumberInAllBlocks(), defaultValueOfTypeName('Int32'), defaultValueOfArgumentType('x');
SELECT runningDifference(number * 2) FROM numbers(3) SETTINGS allow_deprecated_error_prone_window_functions = 1;
SELECT widthBucket(5, 0, 10, 5), clamp(15, 0, 10), clamp(-1, 0, 10), clamp(5, 0, 10), gcd(12, 18), lcm(4, 6), factorial(5), intExp2(10), intExp10(3);
