-- over: http
-- The rarer functions of this family.
SELECT roundBankers(2.5), roundBankers(3.5), roundBankers(0.125, 2), roundBankers(0.375, 2);
SELECT roundToExp2(10), roundDuration(70), roundAge(25), roundDown(37, [10, 20, 30]);
