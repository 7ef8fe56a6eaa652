-- over: pg
-- to_char, to_date, to_timestamp, to_number.
SELECT to_char(t, 'YYYY-MM-DD HH24:MI:SS'), to_char(t, 'DD Mon YYYY'), to_char(t, 'Day, DDth FMMonth'), to_char(t, 'HH12:MI AM'), to_char(t, 'MS US'), to_char(t, 'Q WW IW IYYY'), to_char(t, 'DY dy Dy'), to_char(t, 'J'), to_char(t, '"text" YY') FROM (SELECT timestamp '2024-02-05 15:04:05.678' AS t) AS x;
SELECT to_char(date '2024-02-05', 'YYYYMMDD'), to_char(interval '15h 2m 12s', 'HH24:MI:SS'), to_char(timestamp '2024-02-05', 'D ID DDD'), to_char(timestamp '2024-02-05 00:30', 'HH:MI am'), to_char(timestamptz '2024-02-05 00:00Z', 'TZ');
SELECT to_char(1234.5, '9999.99'), to_char(1234.5, 'FM9999.00'), to_char(-5, '999'), to_char(1234567, '9,999,999'), to_char(0.5, '0.00'), to_char(5, '000'), to_char(12, 'RN'), to_char(1234.567, 'FM999,999.0'), to_char(42, 'FM00000'), to_char(12345, '999');
SELECT to_date('05 Feb 2024', 'DD Mon YYYY'), to_date('20240205', 'YYYYMMDD'), to_timestamp('2024-02-05 15:04:05', 'YYYY-MM-DD HH24:MI:SS'), to_number('1,234.5', '9,999.9'), to_number('-12', 'S99'), to_timestamp(1700000000.5);
SELECT to_date('xx', 'YYYY');
