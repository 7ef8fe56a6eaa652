-- over: http
-- Splitting and joining.
SELECT splitByChar('ab', 'xaby');
SELECT arrayStringConcat([NULL, 'a', NULL, 'b'], '.'), arrayStringConcat([], ','), arrayMap(x -> toUInt8(x), splitByChar('.', '192.168.0.1'));
SELECT p, length(splitByChar('/', p)) FROM (SELECT arrayJoin(['/a/b', '/', 'x']) AS p) ORDER BY p;
