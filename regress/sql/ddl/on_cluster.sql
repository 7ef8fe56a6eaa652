-- over: http hand
-- ON CLUSTER and Replicated engines run on one machine as a cluster of one; ClickHouse refuses without a coordinator.
CREATE TABLE t ON CLUSTER '{cluster}' (a UInt32, b String) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/t', '{replica}') ORDER BY a;
INSERT INTO t VALUES (2, 'b'), (1, 'a');
SELECT * FROM t ORDER BY a;
ALTER TABLE t ON CLUSTER '{cluster}' ADD COLUMN c UInt8 DEFAULT 7;
SELECT * FROM t ORDER BY a;
CREATE TABLE r ON CLUSTER hanzo_cluster (a UInt32, v UInt32) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/r', '{replica}', v) ORDER BY a;
INSERT INTO r VALUES (1, 1), (1, 5);
SELECT * FROM r FINAL;
CREATE TABLE bare (a UInt32) ENGINE = ReplicatedSummingMergeTree ORDER BY a;
CREATE TABLE agg ON CLUSTER '{cluster}' (a UInt32, s SimpleAggregateFunction(sum, UInt64)) ENGINE = ReplicatedAggregatingMergeTree() ORDER BY a;
SELECT count() FROM system.replicas WHERE database = 'nowhere';
DROP TABLE t ON CLUSTER '{cluster}';
EXISTS TABLE t;
