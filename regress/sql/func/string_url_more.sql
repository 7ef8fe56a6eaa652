-- over: http
-- The rarer functions of this family.
SELECT protocol('https://a.b.com/x'), domain('https://user@www.example.com:80/a?b#c'), domainWithoutWWW('https://www.example.com/'), topLevelDomain('http://a.co.uk/'), firstSignificantSubdomain('https://news.example.com/'), port('http://a:8080/'), port('http://a/');
SELECT path('https://a.com/x/y?q=1#f'), pathFull('https://a.com/x/y?q=1#f'), queryString('https://a.com/x?q=1&r#f'), fragment('https://a.com/x?q=1#f'), queryStringAndFragment('https://a.com/x?q=1#f'), netloc('http://u:p@h:1/p');
SELECT cutWWW('http://www.a.com/'), cutQueryString('http://a.com/?x=1#f'), cutFragment('http://a.com/?x=1#f'), cutQueryStringAndFragment('http://a.com/p?x=1#f'), cutToFirstSignificantSubdomain('https://news.example.com/');
SELECT decodeURLComponent('a%20b%2Bc+d'), encodeURLComponent('a b+c/é'), decodeURLFormComponent('a+b%20c'), encodeURLFormComponent('a b');
SELECT URLHierarchy('https://a.com/x/y?q'), URLPathHierarchy('https://a.com/x/y?q');
SELECT domain(''), domain('not a url'), path('x'), protocol('//a'), domain('a.com/x'), queryString('');
