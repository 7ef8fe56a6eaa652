-- over: http
-- Unparsable statements are code 62, whatever is broken.
SELEC 1;
SELECT 1 +;
SELECT (1;
SELECT 1);
SELECT FROM t;
SELECT * FROM;
INSERT INTO;
SELECT 1 LIMIT;
SELECT [1, 2;
SELECT 'a;
SELECT 1 FROM numbers(1) WHERE;
SELECT CASE WHEN 1 END END;
SELECT 1 SELECT 2;
SELECT * FROM numbers(1) ORDER number;
ALTER TABLE t ADD;
SELECT @@@;
