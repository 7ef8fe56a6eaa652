-- over: http
-- The rarer functions of this family.
SELECT sipHash64('hello'), sipHash64(1), sipHash64('a', 'b'), hex(sipHash128('hello')), sipHash64Keyed((toUInt64(1), toUInt64(2)), 'x'), hex(sipHash128Keyed((toUInt64(0), toUInt64(0)), 'x'));
SELECT xxHash32('hello'), xxHash64('hello'), hex(xxh3('hello')) = hex(xxh3('hello')), xxHash64(''), xxHash32('');
SELECT murmurHash2_32('hello'), murmurHash2_64('hello'), murmurHash3_32('hello'), murmurHash3_64('hello'), hex(murmurHash3_128('hello'));
SELECT lower(hex(MD5('hello'))), lower(hex(SHA1('hello'))), lower(hex(SHA256('hello'))), lower(hex(SHA224('hello'))), halfMD5('hello');
SELECT lower(hex(SHA512('hello'))), lower(hex(MD4('hello')));
SELECT intHash32(1), intHash64(1), javaHash('hello'), hiveHash('hello'), farmHash64('hello'), metroHash64('hello'), URLHash('http://a/'), CRC32('hello'), CRC64('hello');
SELECT sum(cityHash64(number)), sum(intHash32(number)), sum(sipHash64(toString(number))) FROM numbers(1000);
SELECT cityHash64(toDecimal64('1.5', 2)), cityHash64(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), cityHash64(toIPv4('1.2.3.4')), cityHash64(map('a', 1)), cityHash64(toFloat32(1.5));
