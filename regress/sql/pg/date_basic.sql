-- over: pg
-- Dates and timestamps: text, arithmetic, parts.
SELECT date '2024-02-29', timestamp '2024-02-29 12:34:56.789', timestamptz '2024-02-29 12:34:56+02', time '12:34:56', interval '1 day 2 hours', date 'Jan 5, 2024', '2024-1-5'::date;
SELECT date '2024-03-01' - date '2024-02-01', date '2024-01-31' + 1, date '2024-01-31' - 7, date '2024-01-31' + interval '1 month', timestamp '2024-01-31 10:00' + interval '1 month 1 day', date '2024-01-01' + time '10:30';
SELECT timestamp '2024-01-02' - timestamp '2024-01-01 12:00', timestamp '2024-03-01' - timestamp '2024-02-01', interval '1 day' * 3, interval '90 minutes' / 2, interval '1 month' + interval '1 day', -interval '1 hour';
SELECT extract(year from d), extract(month from d), extract(day from d), extract(dow from d), extract(isodow from d), extract(doy from d), extract(week from d), extract(quarter from d), extract(isoyear from d), extract(epoch from d) FROM (SELECT date '2024-12-30' AS d) AS x;
SELECT extract(hour from t), extract(minute from t), extract(second from t), extract(milliseconds from t), extract(microseconds from t), extract(epoch from t), extract(century from t), extract(decade from t) FROM (SELECT timestamp '2024-02-29 12:34:56.789' AS t) AS x;
SELECT date_part('year', date '2024-05-06'), date_part('epoch', interval '1 day 1 hour'), extract(day from interval '40 days 5 hours'), extract(hour from interval '1 day 5 hours'), extract(month from interval '2 years 3 months');
SELECT '2024-13-01'::date;
SELECT 'garbage'::timestamp;
SELECT date '2024-02-30';
SELECT '2024-01-01'::date < '2024-01-02', timestamp '2024-01-01' = date '2024-01-01', date '2024-01-01' BETWEEN '2023-12-31' AND '2024-01-01', 'infinity'::date > date '2024-01-01', '-infinity'::timestamp;
SELECT make_date(2024, 2, 29), make_timestamp(2024, 1, 2, 3, 4, 5.5), make_interval(days => 10, hours => 2), make_time(8, 15, 23.5), to_timestamp(1700000000), make_timestamptz(2024, 1, 2, 3, 4, 5);
SELECT now() = current_timestamp, current_date = now()::date, localtimestamp::date = current_date, clock_timestamp() >= now(), pg_typeof(now()), pg_typeof(current_date), pg_typeof(date '2024-01-01' - date '2023-01-01'), pg_typeof(date '2024-01-01' + interval '1 day'), pg_typeof(now() - now());
SELECT date '2024-01-01'::timestamp, timestamp '2024-01-01 23:59'::date, '2024-01-01'::timestamptz, timestamp '2024-01-01 12:00'::time, date '0001-01-01', timestamp '9999-12-31 23:59:59.999999', (date '2024-01-01')::text || '!';
