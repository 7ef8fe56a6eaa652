-- over: http
-- The rarer functions of this family.
SELECT toUUIDOrNull('x'), toUUIDOrZero('x'), toUUIDOrDefault('x', toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toUUIDOrNull('61f0c404-5cb3-11e7-907b-a6006ad3dba0');
SELECT substring(toString(generateUUIDv4()), 15, 1), substring(toString(generateUUIDv7()), 15, 1), empty(toUUID('00000000-0000-0000-0000-000000000000')), notEmpty(generateUUIDv4());
SELECT hex(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), UUIDToNum(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) = UUIDStringToNum('61f0c404-5cb3-11e7-907b-a6006ad3dba0');
SELECT UUIDv7ToDateTime(toUUID('018f05c9-4ab8-7b86-b64e-c9f03fbd45d1'), 'UTC'), toUUID('61F0C404-5CB3-11E7-907B-A6006AD3DBA0'), toUUID('61f0c4045cb311e7907ba6006ad3dba0');
