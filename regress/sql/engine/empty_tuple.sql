-- over: http
-- A column without any stream of its own: Tuple(), alone, beside others and in arrays.
CREATE TABLE a (a Tuple()) ENGINE = MergeTree ORDER BY tuple();
INSERT INTO a SELECT tuple() FROM numbers(3);
SELECT * FROM a;
CREATE TABLE b (k UInt8, a Tuple()) ENGINE = MergeTree ORDER BY k;
INSERT INTO b SELECT number, tuple() FROM numbers(3);
SELECT * FROM b WHERE k > 0 ORDER BY k;
CREATE TABLE c (k UInt8, a Array(Tuple())) ENGINE = MergeTree ORDER BY k SETTINGS min_bytes_for_wide_part = 0;
INSERT INTO c SELECT number, [tuple()] FROM numbers(3);
SELECT * FROM c ORDER BY k;
