-- over: http
-- position and its family: 0 where nothing is found, places counted from 1.
SELECT position('hello', 'l'), position('hello', 'z'), position('hello', ''), position('', 'a'), locate('hello', 'l'), position('l' IN 'hello');
SELECT position('hello', 'l', 4), position('héllo', 'l'), positionUTF8('héllo', 'l'), positionCaseInsensitive('HeLLo', 'll'), positionCaseInsensitiveUTF8('ПРИВЕТ', 'вет');
SELECT hasToken('a b', 'a b');
SELECT s FROM (SELECT arrayJoin(['apple', 'banana', 'grape']) AS s) WHERE position(s, 'ap') > 0 ORDER BY s;
