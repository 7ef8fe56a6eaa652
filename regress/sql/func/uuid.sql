-- over: http
-- UUIDs: text form, order, zero.
SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toTypeName(generateUUIDv4()), length(toString(generateUUIDv4())), generateUUIDv4() != generateUUIDv4(1);
SELECT toUUID('not'), 1;
SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') = '61f0c404-5cb3-11e7-907b-a6006ad3dba0', toUUID('00000000-0000-0000-0000-000000000001') < toUUID('00000000-0000-0000-0000-000000000002');
SELECT u FROM (SELECT toUUID(arrayJoin(['00000000-0000-0001-0000-000000000000', '00000000-0000-0000-0000-000000000002', 'ffffffff-0000-0000-0000-000000000000'])) AS u) ORDER BY u;
SELECT uniqExact(generateUUIDv4(number)) FROM numbers(1000);
