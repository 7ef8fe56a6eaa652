-- over: pg
-- SET, SHOW, RESET, current_setting.
SHOW server_version_num;
SET search_path = public;
SHOW search_path;
SELECT current_setting('server_encoding'), current_setting('nosuch.setting', true) IS NULL;
SET statement_timeout = '5s';
SHOW statement_timeout;
RESET statement_timeout;
SHOW statement_timeout;
SET application_name = 'tester';
SELECT current_setting('application_name');
BEGIN;
SET LOCAL statement_timeout = '1min';
SHOW statement_timeout;
COMMIT;
SHOW statement_timeout;
SET DateStyle = 'ISO, MDY';
SHOW DateStyle;
SHOW standard_conforming_strings;
SHOW client_encoding;
SELECT set_config('application_name', 'other', false);
DISCARD ALL;
SET extra_float_digits = 3;
SELECT current_schema(), current_user = session_user, current_database() = 'c_pg_settings';
