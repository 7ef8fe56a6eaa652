-- over: http
-- The rarer functions of this family.
SELECT format('{} is {}', 'x', 'y'), format('{1}-{0}', 'a', 'b'), printf('%d %s %.2f', 5, 'x', 1.5), format('{{}} {}', 'z');
SELECT formatReadableSize(0), formatReadableSize(1536), formatReadableSize(1048576), formatReadableSize(1e15), formatReadableDecimalSize(1500), formatReadableQuantity(1234567), formatReadableQuantity(500), formatReadableTimeDelta(3661), formatReadableTimeDelta(86400 * 400);
SELECT base64Encode('hello'), base64Decode('aGVsbG8='), tryBase64Decode('#'), base64URLEncode('??>'), base32Encode('hi'), base58Encode('hello'), base58Decode('Cn8eVZg');
SELECT encodeXMLComponent('<a & "b">'), decodeXMLComponent('&lt;&#65;&gt;'), extractTextFromHTML('<p>Hello <b>x</b></p>'), decodeHTMLComponent('&amp;&eacute;');
SELECT translate('hello', 'el', 'ip'), translateUTF8('münchen', 'ü', 'u');
SELECT toStringCutToZero('a\0b'), toFixedString('ab', 4) = 'ab\0\0', length(toFixedString('ab', 4));
SELECT hex(UUIDStringToNum('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), UUIDNumToString(toFixedString(unhex('61F0C4045CB311E7907BA6006AD3DBA0'), 16));
SELECT bar(5, 0, 10, 10), bar(10, 0, 10, 5), stringJaccardIndex('abc', 'abd'), crc32('hello') = CRC32('hello');
