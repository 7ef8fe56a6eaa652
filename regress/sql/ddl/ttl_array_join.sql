-- over: http hand
-- A TTL gives one moment a row. ClickHouse takes arrayJoin here and deletes by whichever comes first; we refuse it.
CREATE TABLE a (d Date, v UInt8) ENGINE = MergeTree ORDER BY v TTL d + INTERVAL arrayJoin([1, 2, 3]) MONTH;
