-- over: http hand
-- HIP-0047 calls windowFunnel over DateTime64 with a window in seconds. ClickHouse refuses DateTime64 there; here the
-- window is seconds and the fraction of a second counts.
CREATE TABLE ev (u String, t DateTime64(3, 'UTC'), e String) ENGINE = MergeTree ORDER BY (u, t);
INSERT INTO ev VALUES ('a', '2024-01-01 00:00:00.000', 'x'), ('a', '2024-01-01 00:00:10.000', 'y'), ('b', '2024-01-01 00:00:00.000', 'x'), ('b', '2024-01-01 00:00:10.001', 'y'), ('c', '2024-01-01 00:00:00.500', 'x'), ('c', '2024-01-01 00:00:10.500', 'y');
SELECT u, windowFunnel(10)(t, e = 'x', e = 'y') FROM ev GROUP BY u ORDER BY u;
SELECT u, windowFunnel(86400)(t, e = 'x', e = 'y') FROM ev GROUP BY u ORDER BY u;
