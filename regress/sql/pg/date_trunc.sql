-- over: pg
-- date_trunc, date_bin, age, zones.
SELECT date_trunc('year', t), date_trunc('quarter', t), date_trunc('month', t), date_trunc('week', t), date_trunc('day', t), date_trunc('hour', t), date_trunc('minute', t), date_trunc('second', t), date_trunc('milliseconds', t) FROM (SELECT timestamp '2024-08-15 13:47:31.987654' AS t) AS x;
SELECT date_trunc('month', date '2024-08-15'), date_trunc('day', interval '3 days 5 hours'), date_trunc('decade', timestamp '2024-08-15'), date_trunc('century', timestamp '2024-08-15'), pg_typeof(date_trunc('month', date '2024-08-15'));
SELECT date_trunc('nothing', timestamp '2024-01-01');
SELECT date_bin('15 minutes', timestamp '2024-08-15 13:47:31', timestamp '2024-01-01'), date_bin('1 day', timestamptz '2024-08-15 13:47:31Z', '2024-01-01Z');
SELECT age(timestamp '2024-03-01', timestamp '2024-01-31'), age(timestamp '2024-05-04', timestamp '2000-05-05'), age(timestamp '2024-01-01', timestamp '2024-01-01 10:00'), justify_days(interval '35 days'), justify_hours(interval '27 hours'), justify_interval(interval '1 mon -1 hour');
SELECT timestamp '2024-01-01 12:00' AT TIME ZONE 'Europe/Berlin', timestamptz '2024-01-01 12:00Z' AT TIME ZONE 'America/New_York', timezone('Asia/Tokyo', timestamptz '2024-01-01 00:00Z'), timestamptz '2024-07-01 12:00 Europe/Berlin';
SET TIME ZONE 'Europe/Berlin';
SELECT timestamptz '2024-07-01 12:00Z', timestamp '2024-07-01 12:00'::timestamptz, timestamptz '2024-01-01 12:00Z'::date, date_trunc('day', timestamptz '2024-07-01 23:30Z'), extract(hour from timestamptz '2024-07-01 12:00Z');
SHOW TimeZone;
SET TIME ZONE 'UTC';
SELECT timestamptz '2024-07-01 12:00+02', extract(timezone from timestamptz '2024-07-01 12:00+02');
SELECT d::date FROM generate_series(timestamp '2024-01-30', timestamp '2024-02-02', interval '1 day') AS d;
SELECT d FROM generate_series(date '2024-01-31', date '2024-05-31', interval '1 month') AS d;
SELECT (date '2024-01-01', date '2024-01-10') OVERLAPS (date '2024-01-05', date '2024-02-01');
SELECT timestamp '2024-01-01' AT TIME ZONE 'No/Where';
