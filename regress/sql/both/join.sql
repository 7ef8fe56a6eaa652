-- over: both
-- Joins without NULLs are the same everywhere.
CREATE TABLE users (id integer, name text, PRIMARY KEY (id));
CREATE TABLE orders (oid integer, user_id integer, total integer, PRIMARY KEY (oid));
INSERT INTO users VALUES (1, 'ann'), (2, 'bob'), (3, 'cat');
INSERT INTO orders VALUES (10, 1, 5), (11, 1, 7), (12, 2, 9);
SELECT name, total FROM users JOIN orders ON users.id = orders.user_id ORDER BY oid;
SELECT u.name, sum(o.total) AS t FROM users AS u JOIN orders AS o ON o.user_id = u.id GROUP BY u.name ORDER BY t DESC;
SELECT count(*) FROM users CROSS JOIN orders;
SELECT u.name FROM users AS u WHERE u.id IN (SELECT user_id FROM orders) ORDER BY u.name;
SELECT u.name FROM users AS u WHERE u.id NOT IN (SELECT user_id FROM orders) ORDER BY u.name;
SELECT a.name, b.name FROM users AS a JOIN users AS b ON a.id = b.id + 1 ORDER BY a.id;
