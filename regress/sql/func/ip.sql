-- over: http
-- IPv4 and IPv6 values and text.
SELECT toIPv4('1.2.3.4'), toTypeName(toIPv4('1.2.3.4')), IPv4NumToString(16909060), IPv4StringToNum('1.2.3.4'), IPv4StringToNumOrNull('x'), toUInt32(toIPv4('0.0.0.255'));
SELECT toIPv6('::1'), toIPv6('2001:db8::ff00:42:8329'), toIPv6('::ffff:1.2.3.4'), IPv6NumToString(toFixedString(unhex('20010DB8000000000000FF0000428329'), 16)), hex(IPv6StringToNum('::1'));
SELECT toIPv4('300.1.1.1');
SELECT ip FROM (SELECT toIPv4(arrayJoin(['10.0.0.2', '9.255.255.255', '10.0.0.10'])) AS ip) ORDER BY ip;
SELECT toIPv4('10.0.0.1') + 1, CAST('::1' AS IPv6), CAST(16909060 AS IPv4), toString(toIPv6('::'));
