-- over: pg
-- COPY's rarer options: columns that are quoted or not NULL whatever they look like, WHERE, encodings, and options that only
-- one format or direction has.
CREATE TABLE c (a int, b text, d date);
INSERT INTO c VALUES (1, 'x', '2020-01-01'), (2, NULL, NULL), (3, E'a,b\nq"', '2020-02-02');
COPY (SELECT * FROM c ORDER BY a) TO STDOUT (FORMAT csv, FORCE_QUOTE (b, d));
COPY (SELECT * FROM c ORDER BY a) TO STDOUT (FORMAT csv, FORCE_QUOTE *, HEADER);
COPY (SELECT * FROM c ORDER BY a) TO STDOUT CSV FORCE QUOTE b;
COPY (SELECT a, b FROM c ORDER BY a) TO STDOUT DELIMITER ',' NULL 'nil';
COPY (SELECT a, b FROM c ORDER BY a) TO STDOUT (HEADER, DELIMITER '|');
COPY (SELECT a, b FROM c WHERE a = 0) TO STDOUT (FORMAT csv, HEADER);
COPY c TO STDOUT (FORMAT csv, FORCE_QUOTE (nosuch));
COPY c TO STDOUT (FORMAT binary, DELIMITER ',');
COPY c TO STDOUT (FORMAT text, FORCE_QUOTE (a));
COPY c TO STDOUT (HEADER match);
COPY c TO STDOUT (nosuch 1);
COPY c TO STDOUT (FORMAT nosuch);
COPY c TO STDOUT (DELIMITER 'ab');
COPY c TO STDOUT (FORMAT csv, FORCE_NULL (a));
