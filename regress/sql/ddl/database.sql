-- over: http
-- Databases as namespaces; qualified names.
CREATE DATABASE IF NOT EXISTS ddl_database_x;
CREATE DATABASE ddl_database_x;
CREATE TABLE ddl_database_x.t (a UInt8) ENGINE = Memory;
INSERT INTO ddl_database_x.t VALUES (7);
SELECT a FROM ddl_database_x.t;
SELECT count() FROM system.tables WHERE database = 'ddl_database_x';
SHOW TABLES FROM ddl_database_x;
EXISTS DATABASE ddl_database_x;
DROP DATABASE ddl_database_x;
SELECT a FROM ddl_database_x.t;
DROP DATABASE ddl_database_x;
DROP DATABASE IF EXISTS ddl_database_x;
SELECT currentDatabase();
