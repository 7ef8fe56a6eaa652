-- over: http
-- Text beyond ASCII.
SELECT length('héé☃😀'), lengthUTF8('héé☃😀'), substringUTF8('héé☃😀', 4, 2), leftUTF8('é☃😀', 2), rightUTF8('é☃😀', 1), reverseUTF8('a☃😀'), positionUTF8('aé☃', '☃');
SELECT upperUTF8('ñandú ß'), lowerUTF8('ÑANDÚ'), 'é' < 'f', 'É' ILIKE 'é', '日本' LIKE '_本', char(0xE2, 0x98, 0x83);
SELECT s, lengthUTF8(s) FROM (SELECT arrayJoin(['', 'a', 'é', '日本語', '😀😀']) AS s) ORDER BY s;
SELECT 'naïve' = 'naïve', position('日本語', '語'), replaceAll('日本', '日', '一'), splitByChar(',', 'é,☃'), concat('😀', 'x'), hex('é');
