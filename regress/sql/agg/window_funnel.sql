-- over: http
-- windowFunnel and retention.
CREATE TABLE ev (u String, t DateTime('UTC'), e String) ENGINE = MergeTree ORDER BY (u, t);
INSERT INTO ev VALUES ('a', '2024-01-01 00:00:00', 'signup'), ('a', '2024-01-01 01:00:00', 'onboard'), ('a', '2024-01-01 02:00:00', 'call'), ('b', '2024-01-01 00:00:00', 'signup'), ('b', '2024-01-03 00:00:00', 'onboard'), ('c', '2024-01-01 00:00:00', 'onboard'), ('c', '2024-01-01 00:10:00', 'signup'), ('d', '2024-01-01 00:00:00', 'call'), ('e', '2024-01-01 00:00:00', 'signup'), ('e', '2024-01-01 23:59:59', 'onboard'), ('e', '2024-01-02 00:00:00', 'call'), ('f', '2024-01-01 00:00:00', 'signup'), ('f', '2024-01-02 00:00:01', 'onboard');
SELECT u, windowFunnel(86400)(t, e = 'signup', e = 'onboard', e = 'call') AS level FROM ev GROUP BY u ORDER BY u;
SELECT level, count() FROM (SELECT u, windowFunnel(86400)(t, e = 'signup', e = 'onboard', e = 'call') AS level FROM ev GROUP BY u) GROUP BY level ORDER BY level DESC;
SELECT u, windowFunnel(3600)(t, e = 'signup', e = 'onboard', e = 'call') AS level FROM ev GROUP BY u ORDER BY u;
SELECT u, windowFunnel(86400, 'strict_order')(t, e = 'signup', e = 'onboard', e = 'call') AS level FROM ev GROUP BY u ORDER BY u;
SELECT u, windowFunnel(86400, 'strict_increase')(t, e = 'signup', e = 'onboard', e = 'call'), windowFunnel(86400, 'strict_deduplication')(t, e = 'signup', e = 'onboard', e = 'call') FROM ev GROUP BY u ORDER BY u;
SELECT windowFunnel(10)(toUInt32(number), number = 1, number = 2, number = 3), windowFunnel(1)(toUInt32(number), number = 1, number = 5) FROM numbers(10);
SELECT u, retention(e = 'signup', e = 'onboard', e = 'call') FROM ev GROUP BY u ORDER BY u;
SELECT sum(r[1]), sum(r[2]), sum(r[3]) FROM (SELECT u, retention(e = 'signup', e = 'onboard', e = 'call') AS r FROM ev GROUP BY u);
SELECT toTypeName(windowFunnel(1)(t, 1)), toTypeName(retention(1, 1)) FROM ev;
DROP TABLE ev;
