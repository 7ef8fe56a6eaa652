-- over: http
-- The rarer functions of this family.
SELECT JSON_VALUE('{"a":{"b":1}}', '$.a.b'), JSON_QUERY('{"a":[1,2]}', '$.a'), JSON_EXISTS('{"a":1}', '$.a'), JSONExtractCaseInsensitive('{"Abc":5}', 'abc', 'Int8'), JSON_VALUE('{"a":1}', '$.z');
SELECT simpleJSONExtractString('{"a":"x","n":5}', 'a'), simpleJSONExtractInt('{"n":5}', 'n'), simpleJSONExtractUInt('{"n":5}', 'n'), simpleJSONHas('{"a":1}', 'a'), simpleJSONExtractFloat('{"f":1.5}', 'f'), simpleJSONExtractBool('{"b":true}', 'b'), simpleJSONExtractRaw('{"o":{"x":1}}', 'o'), visitParamExtractString('{"a":"x"}', 'a');
