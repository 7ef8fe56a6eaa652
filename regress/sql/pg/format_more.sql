-- over: pg
-- Templates of to_char(), to_date() and to_number() at their edges; intervals and spans.
SELECT to_char(0, '9.9'), to_char(-0.1, '9.9'), to_char(12, '999PR'), to_char(-12, '999PR'), to_char(5, 'S999'), to_char(5, '999S'), to_char(-5, 'MI999'), to_char(5, 'SG999');
SELECT to_char(12.5, '99V9'), to_char(1234.5, '9.99EEEE'), to_char(3, '9th'), to_char(12345.67, '999.99'), to_char(1234, 'FM9,999.99'), to_char(0, 'FM9.99'), to_char(NULL::int, '9');
SELECT to_char(0.1, 'FM9.99'), to_char(100, 'FM999.'), to_char(99.99, '99'), to_char(4000, 'RN'), to_char(14, 'FMrn'), to_char('NaN'::float8, '999'), to_char(12, '"x"99');
SELECT to_timestamp('12/25/2023 3:04 PM', 'MM/DD/YYYY HH12:MI AM'), to_timestamp('2024-02-05T15:04:05', 'YYYY-MM-DD"T"HH24:MI:SS'), to_date('24-1-5', 'YY-MM-DD'), to_date('2024 Jan', 'YYYY Mon'), to_date('2024-060', 'YYYY-DDD');
SELECT to_date('2023-366', 'YYYY-DDD');
SELECT to_date('2024-02-30', 'YYYY-MM-DD');
SELECT to_timestamp('13:00 PM', 'HH12:MI AM');
SELECT to_char(interval '1 year 2 mons 3 days 04:05:06.7', 'YYYY MM DD HH24:MI:SS.MS'), to_char(interval '100 hours', 'HH24 HH12'), to_char(timestamp '0044-03-15 BC', 'YYYY BC'), to_char('infinity'::timestamp, 'YYYY');
SELECT extract(hour from time '10:20'), extract(epoch from time '10:20:30.5'), date_part('minute', time '10:20'), extract(epoch from date '2024-01-01');
SELECT extract(hour from date '2024-01-01');
SELECT make_interval(1, 2, 3, 4, 5, 6, 7.5), make_interval(secs => 1.5), make_timestamp(2024, 2, 29, 23, 59, 59.999999);
SELECT make_date(2023, 2, 29);
SELECT make_time(25, 0, 0);
SELECT date_bin('5 minutes', timestamp '2024-01-01 00:07', timestamp '2024-01-01'), date_bin('5 minutes', timestamp '2023-12-31 23:58', timestamp '2024-01-01');
SELECT date_bin('1 month', timestamp '2024-01-01', timestamp '2024-01-01');
SELECT isfinite('infinity'::timestamp), isfinite(interval '1 day'), timezone(interval '2 hours', timestamp '2024-01-01'), age(timestamp '2024-02-29', timestamp '2023-02-28');
SELECT (date '2024-01-01', date '2024-01-10') OVERLAPS (date '2024-01-10', date '2024-02-01'), (date '2024-01-01', NULL) OVERLAPS (date '2024-01-01', date '2024-01-02');
