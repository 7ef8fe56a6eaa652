-- over: http
-- Limits on what a statement may do.
SELECT count() FROM (SELECT * FROM numbers(1000000) ORDER BY number % 777, number) SETTINGS max_memory_usage = 100000;
SELECT number FROM numbers(100) SETTINGS max_result_rows = 10;
SELECT number FROM numbers(100) LIMIT 5 SETTINGS max_result_rows = 10;
SELECT sum(number) FROM numbers(1000000000000) SETTINGS max_execution_time = 0.2;
SELECT repeat('x', 1000000000000);
SELECT range(1000000000000);
SELECT count() FROM (SELECT number FROM numbers(100) GROUP BY number) SETTINGS max_rows_to_group_by = 10, group_by_overflow_mode = 'throw';
SELECT 1 SETTINGS max_query_size = 5;
