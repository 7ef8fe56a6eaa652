-- over: both
-- Dates that mean the same in both dialects.
CREATE TABLE d (k integer, at date, PRIMARY KEY (k));
INSERT INTO d VALUES (1, '2024-01-31'), (2, '2024-02-29'), (3, '2023-12-31');
SELECT k, at FROM d ORDER BY at;
SELECT extract(YEAR FROM at), extract(MONTH FROM at), extract(DAY FROM at) FROM d ORDER BY k;
SELECT count(*) FROM d WHERE at >= '2024-01-01' AND at < '2024-03-01';
SELECT min(at), max(at) FROM d;
SELECT at - INTERVAL '1' DAY < at FROM d WHERE k = 1;
SELECT k FROM d WHERE at BETWEEN '2024-01-01' AND '2024-12-31' ORDER BY k;
