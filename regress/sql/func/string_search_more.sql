-- over: http
-- The rarer functions of this family.
SELECT countSubstrings('banana', 'an'), countSubstrings('aaaa', 'aa'), countSubstringsCaseInsensitive('aAaA', 'aa'), countSubstrings('a', '');
SELECT multiSearchAny('hello world', ['foo', 'wor']), multiSearchAny('hello', ['x']), multiSearchFirstIndex('hello', ['x', 'l', 'h']), multiSearchFirstPosition('hello', ['o', 'l']), multiSearchAllPositions('hello', ['h', 'l', 'z']);
SELECT multiSearchAnyCaseInsensitive('HELLO', ['ell']), multiSearchFirstIndexCaseInsensitive('HELLO', ['q', 'ell']);
SELECT hasToken('hello world', 'world'), hasToken('hello world', 'wor'), hasTokenCaseInsensitive('Hello World', 'world'), hasTokenOrNull('a', 'a b');
SELECT hasSubsequence('garbage', 'gag'), hasSubsequenceCaseInsensitive('GARBAGE', 'gag'), hasSubsequence('a', 'ab');
SELECT ngramDistance('hello', 'hello'), ngramSearch('hello world', 'hello') > 0.5, levenshteinDistance('kitten', 'sitting'), editDistance('a', ''), damerauLevenshteinDistance('ab', 'ba'), jaroSimilarity('abc', 'abc');
