-- over: pg
-- interval: text, comparison, arithmetic.
SELECT interval '1 year 2 months 3 days 04:05:06', interval '1 week', interval '-1 day', interval '1.5 hours', interval 'P1Y2M3DT4H5M6S', interval '1-2', interval '100 seconds', interval '0', '1 mon'::interval, interval '1 day ago';
SELECT interval '1 day' = interval '24 hours', interval '1 month' = interval '30 days', interval '1 day' < interval '25 hours', greatest(interval '1 day', interval '2 hours');
SELECT interval '3' day, interval '2' hour, interval '5' month, interval '1 day' * 1.5, 2 * interval '1 hour', interval '1 hour' + time '01:00', time '23:00' + interval '2 hours';
SELECT sum(x), avg(x), min(x), max(x) FROM (VALUES (interval '1 hour'), (interval '2 hours')) AS t(x);
SELECT extract(epoch from interval '1 month'), extract(epoch from interval '1 year'), interval '1 day' / 4, interval '1 month' / 2;
SELECT timestamp '2024-01-31' + interval '1 month', timestamp '2024-03-31' - interval '1 month', timestamp '2024-02-29' + interval '1 year', date '2024-01-01' - interval '1 second';
SELECT 'x'::interval;
