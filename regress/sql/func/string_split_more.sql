-- over: http
-- The rarer functions of this family.
SELECT splitByChar(',', 'a,b,,c'), splitByChar(',', ''), splitByString('--', 'a--b--c'), splitByString('', 'abc'), splitByWhitespace('  a b  c '), splitByRegexp('[0-9]', 'a1b2c'), splitByNonAlpha('a,b;c d');
SELECT splitByChar(',', 'a,b,c', 2), splitByString(', ', 'a, b, c'), arrayStringConcat(['a', 'b', 'c'], '-'), arrayStringConcat(['a', 'b']), arrayStringConcat([1, 2, 3], ','), alphaTokens('abc1d2'), tokens('hello world, x'), ngrams('abcd', 2);
SELECT extractURLParameter('http://h/?a=1&b=2', 'b'), extractURLParameters('http://h/?a=1&b=2'), extractURLParameterNames('http://h/?a=1&b=2'), cutURLParameter('http://h/?a=1&b=2', 'a');
