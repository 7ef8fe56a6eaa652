-- over: http
-- The rarer functions of this family.
SELECT bitTest(5, 0), bitTest(5, 1), bitTestAll(7, 0, 1, 2), bitTestAny(4, 0, 2), bitCount(255), bitCount(-1);
SELECT bitRotateLeft(toUInt8(129), 1), bitRotateRight(toUInt8(129), 1), bitHammingDistance(7, 1), bitSlice('Hello', 1, 8);
SELECT bitShiftRight(toUInt128('340282366920938463463374607431768211455'), 64), bitShiftLeft(toUInt256(1), 200);
SELECT bin(5), bin('a'), unbin('01100001'), byteSwap(toUInt16(258));
