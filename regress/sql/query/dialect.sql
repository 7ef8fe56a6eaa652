-- over: http session hand
-- SET dialect turns a session's grammar and functions to PostgreSQL's and back; ClickHouse has no such dialect.
SELECT 1 / 2, length('é');
SET dialect = 'postgresql';
SELECT 1 / 2, length('é');
SET dialect = 'clickhouse';
SELECT 1 / 2, length('é');
