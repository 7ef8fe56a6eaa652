-- over: pg
-- What a role may is taken from it again by NO…, and stays taken.
CREATE ROLE role_options_a SUPERUSER CREATEDB CREATEROLE LOGIN REPLICATION BYPASSRLS;
SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'role_options_a';
ALTER ROLE role_options_a NOSUPERUSER NOCREATEDB NOLOGIN;
SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'role_options_a';
ALTER ROLE role_options_a NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'role_options_a';
CREATE USER role_options_b NOLOGIN CREATEDB;
SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = 'role_options_b';
DROP ROLE role_options_a, role_options_b;
