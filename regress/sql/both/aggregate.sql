-- over: both
-- Grouping and aggregates.
CREATE TABLE sales (id integer, region text, amount integer, PRIMARY KEY (id));
INSERT INTO sales VALUES (1, 'north', 10), (2, 'north', 20), (3, 'south', 5), (4, 'east', 7), (5, 'south', 8), (6, 'east', 100);
SELECT count(*), sum(amount), min(amount), max(amount) FROM sales WHERE region <> 'nowhere';
SELECT region, count(*), sum(amount) FROM sales GROUP BY region ORDER BY region;
SELECT region, max(amount) FROM sales GROUP BY region HAVING sum(amount) > 20 ORDER BY region;
SELECT count(DISTINCT region) FROM sales;
SELECT region FROM sales GROUP BY region ORDER BY sum(amount) DESC LIMIT 1;
SELECT sum(amount) FROM sales WHERE region = 'south';
SELECT DISTINCT region FROM sales ORDER BY region DESC;
