-- over: http
-- Sorting and primary keys, tuple(), expressions, errors.
CREATE TABLE a (x UInt32, y UInt32) ENGINE = MergeTree ORDER BY (x, y) PRIMARY KEY x;
CREATE TABLE b (x UInt32) ENGINE = MergeTree ORDER BY tuple();
CREATE TABLE c (x UInt32, s String) ENGINE = MergeTree ORDER BY (cityHash64(s), -x);
CREATE TABLE d (x UInt32) ENGINE = MergeTree PRIMARY KEY x;
CREATE TABLE e (x UInt32, PRIMARY KEY (x)) ENGINE = MergeTree;
CREATE TABLE f (x UInt32, y UInt32) ENGINE = MergeTree ORDER BY x PRIMARY KEY y;
CREATE TABLE g (x Nullable(UInt32)) ENGINE = MergeTree ORDER BY x;
CREATE TABLE h (x Nullable(UInt32)) ENGINE = MergeTree ORDER BY x SETTINGS allow_nullable_key = 1;
INSERT INTO h VALUES (2), (NULL), (1);
SELECT x FROM h;
CREATE TABLE i (x UInt32) ENGINE = MergeTree ORDER BY nothing;
INSERT INTO c SELECT number, toString(number) FROM numbers(100);
SELECT count() FROM c WHERE s = '42';
SELECT name, sorting_key, primary_key, partition_key FROM system.tables WHERE database = currentDatabase() ORDER BY name;
INSERT INTO b VALUES (3), (1), (2);
SELECT x FROM b;
CREATE TABLE j (x UInt32) ENGINE = NoSuchEngine;
CREATE TABLE k (x UInt32, x String) ENGINE = Memory;
CREATE TABLE l (x NoSuchType) ENGINE = Memory;
CREATE TABLE m (x UInt32);
