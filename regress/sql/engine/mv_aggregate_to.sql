-- over: http hand
-- A view whose target has AggregateFunction columns may say plain f(…): the state is stored. A target with finalize_on_read
-- shows merged rows and finished values to a plain SELECT, and drops a column of the view that is an ALIAS there.
CREATE TABLE src (k UInt32, u String, t DateTime64(3, 'UTC'), v String) ENGINE = MergeTree ORDER BY k;
CREATE TABLE dst (k UInt32, first SimpleAggregateFunction(min, DateTime64(3, 'UTC')), last SimpleAggregateFunction(max, DateTime64(3, 'UTC')), seconds Int64 ALIAS dateDiff('second', first, last), n AggregateFunction(count), users AggregateFunction(uniqExact, String), entry AggregateFunction(argMin, String, DateTime64(3, 'UTC'))) ENGINE = AggregatingMergeTree ORDER BY k SETTINGS finalize_on_read = 1;
CREATE MATERIALIZED VIEW mv TO dst AS SELECT k, min(t) AS first, max(t) AS last, dateDiff('second', min(t), max(t)) AS seconds, count() AS n, uniqExact(u) AS users, argMin(v, t) AS entry FROM src GROUP BY k;
INSERT INTO src VALUES (1, 'a', '2024-01-01 10:00:00', 'mid'), (1, 'b', '2024-01-01 11:00:00', 'end'), (2, 'a', '2024-01-01 00:00:00', 'two');
INSERT INTO src VALUES (1, 'a', '2024-01-01 09:00:00', 'start');
SELECT k, first, last, seconds, n, users, entry FROM dst ORDER BY k;
SELECT sum(n), max(users) FROM dst;
SELECT entry FROM dst WHERE k = 1;
OPTIMIZE TABLE dst FINAL;
SELECT k, seconds, n, users, entry FROM dst ORDER BY k;
SELECT toTypeName(n), toTypeName(users), toTypeName(entry) FROM dst LIMIT 1;
