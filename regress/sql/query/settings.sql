-- over: http
-- SETTINGS in the statement act on that statement; unknown ones are refused.
SELECT getSetting('max_threads') > 0, 1 SETTINGS max_threads = 1;
SELECT count() FROM numbers(10) SETTINGS no_such_setting_at_all = 1;
SELECT number FROM numbers(10) SETTINGS limit = 2;
SELECT number FROM numbers(10) LIMIT 100 SETTINGS max_result_rows = 3, result_overflow_mode = 'throw';
SELECT sum(number) FROM numbers(10000000) SETTINGS max_rows_to_read = 1000;
SELECT NULL IN (NULL) SETTINGS transform_null_in = 1;
SELECT getSetting('max_block_size') SETTINGS max_block_size = 77;
--! url max_block_size=55
SELECT getSetting('max_block_size');
SELECT sleep(3) SETTINGS max_execution_time = 0.1, function_sleep_max_microseconds_per_block = 9000000;
