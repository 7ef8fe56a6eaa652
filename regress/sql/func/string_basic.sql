-- over: http
-- Length counts bytes, the UTF8 forms count code points; case mapping of ASCII and of UTF-8.
SELECT length('héllo'), lengthUTF8('héllo'), char_length('héllo'), empty(''), notEmpty('a'), empty('a'), length('');
SELECT lower('ABC'), upper('abc'), lcase('ÀB'), ucase('àb'), lowerUTF8('ÀÉ'), upperUTF8('straßeé');
SELECT reverse('abc'), reverseUTF8('héé'), repeat('ab', 3), repeat('x', 0), space(3) = '   ';
SELECT trim('  a  '), ltrim('  a'), rtrim('a  '), trimBoth('  a '), trimLeft(' a'), trimRight('a '), trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING 'x' FROM 'xxa'), trim(TRAILING 'x' FROM 'axx');
SELECT hex('abc'), unhex('616263'), hex(255), hex(toUInt16(1)), hex(-1), lower(hex('é')), hex(toFloat32(1));
SELECT startsWith('hello', 'he'), endsWith('hello', 'lo'), startsWith('a', 'ab'), startsWithUTF8('é', 'é'), endsWithUTF8('né', 'é');
SELECT s, length(s) FROM (SELECT arrayJoin(['', 'a', 'bb']) AS s) ORDER BY s;
