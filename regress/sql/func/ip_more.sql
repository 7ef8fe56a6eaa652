-- over: http
-- The rarer functions of this family.
SELECT toIPv4OrNull('x'), toIPv4OrZero('x'), toIPv6OrNull('x'), toIPv4OrDefault('x'), isIPv4String('1.2.3.4'), isIPv4String('1.2.3'), isIPv6String('::1'), isIPv6String('x');
SELECT IPv4CIDRToRange(toIPv4('192.168.5.2'), 16), IPv6CIDRToRange(toIPv6('2001:db8::1'), 32), isIPAddressInRange('10.1.2.3', '10.0.0.0/8'), isIPAddressInRange('11.1.2.3', '10.0.0.0/8'), IPv4ToIPv6(toIPv4('1.2.3.4'));
SELECT toIPv4('1.2.3.4') = '1.2.3.4', toIPv4('1.2.3.4') < toIPv4('1.2.3.5'), cutIPv6(IPv6StringToNum('2001:db8::1'), 8, 2), IPv4NumToStringClassC(16909060);
