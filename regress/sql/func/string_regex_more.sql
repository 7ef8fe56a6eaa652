-- over: http
-- The rarer functions of this family.
SELECT extractAllGroups('a=1, b=2', '(\\w)=(\\d)'), extractAllGroupsVertical('a=1, b=2', '(\\w)=(\\d)'), extractAllGroupsHorizontal('a=1, b=2', '(\\w)=(\\d)'), extractGroups('hello world', '(\\w+) (\\w+)'), regexpExtract('100-200', '(\\d+)-(\\d+)', 2);
SELECT replaceRegexpAll('hello', '^', 'x'), replaceRegexpAll('a,b,,c', ',+', ';'), regexpQuoteMeta('a.b*c');
SELECT countMatches('banana', 'a'), countMatches('banana', 'an'), countMatchesCaseInsensitive('BaNaNa', 'an');
SELECT multiMatchAny('hello', ['^x', 'l+']), multiMatchAnyIndex('hello', ['x', 'ell']), multiMatchAllIndices('hello', ['h', 'z', 'o']);
