-- over: http session
-- A session keeps settings and temporary tables.
SET max_block_size = 1234;
SELECT getSetting('max_block_size');
CREATE TEMPORARY TABLE tmp (a UInt8);
INSERT INTO tmp VALUES (1), (2);
SELECT sum(a) FROM tmp;
DROP TABLE tmp;
SELECT sum(a) FROM tmp;
SET no_such_setting_at_all = 1;
SET session_timezone = 'Asia/Tokyo';
SELECT toDateTime(0), timezone();
