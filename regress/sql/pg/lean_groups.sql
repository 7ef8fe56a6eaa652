-- over: pg
-- Sums of x + c, min() and max() of whole columns and extract() as a key are not computed as they stand; nobody must notice.
CREATE TABLE lean (a smallint, b timestamp, d date NOT NULL, s text);
SELECT min(d), max(d), count(*), sum(a + 1), sum(a + 2) FROM lean;
INSERT INTO lean SELECT g % 1000 - 500, timestamp '2020-01-01 00:00:00' + g * interval '7 minutes 30 seconds', date '2020-01-01' + g % 50, repeat('é', g % 40) || repeat('x', g % 23) FROM generate_series(1, 5000) g;
INSERT INTO lean VALUES (32767, '1999-12-31 23:59:59.5', '1999-12-31', 'ü'), (NULL, NULL, '2031-01-01', '');
SELECT min(d), max(d), count(*), pg_typeof(max(d)) FROM lean;
SELECT sum(a + 1), sum(a + 2), sum(2 + a), sum(a - 3), sum(a), pg_typeof(sum(a + 1)) FROM lean;
SELECT sum(a + 1), sum(a + 2) FROM lean WHERE a IS NULL;
SELECT sum(a + 1::smallint), sum(a + 2::smallint) FROM lean WHERE a < 100;
SELECT extract(hour FROM b) AS h, count(*), pg_typeof(extract(hour FROM b)) FROM lean GROUP BY h ORDER BY h NULLS FIRST;
SELECT extract(year FROM b) AS y, extract(quarter FROM b) + 0.50 AS q, count(*) FROM lean GROUP BY y, q ORDER BY y, q;
SELECT extract(second FROM b) AS x, count(*) FROM lean GROUP BY x ORDER BY x;
SELECT extract(minute FROM b) AS m, a % 2 AS k, count(*) AS c FROM lean GROUP BY m, k ORDER BY c DESC, m, k LIMIT 5;
SELECT date_part('minute', b) AS m, count(*) FROM lean GROUP BY m HAVING count(*) > 625 ORDER BY m;
SELECT extract(epoch FROM b), extract(ms FROM b), extract(us FROM b), extract(isoyear FROM b), extract(week FROM b), extract(dow FROM b), extract(isodow FROM b), extract(doy FROM b), extract(century FROM b), extract(decade FROM b) FROM lean WHERE a = 32767 OR a IS NULL ORDER BY b;
SELECT extract(day FROM d), extract(epoch FROM d), extract(doy FROM d) FROM lean WHERE a = 32767;
SELECT length(s), octet_length(s), count(*) FROM lean GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 8;
SELECT sum(length(s)), sum(length(s || s || s || s || s || s || s || s)) FROM lean;
DROP TABLE lean;
