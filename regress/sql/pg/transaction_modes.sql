-- over: pg session
-- What SHOW says of a transaction's modes, and locks that an application names.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SHOW transaction_isolation;
SHOW transaction_read_only;
COMMIT;
SHOW transaction_isolation;
SHOW transaction_read_only;
BEGIN;
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SHOW transaction_isolation;
ROLLBACK;
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SHOW transaction_isolation;
SELECT pg_try_advisory_lock(5), pg_try_advisory_lock(5), pg_advisory_unlock(5), pg_advisory_unlock(5), pg_advisory_unlock(5);
SELECT pg_advisory_lock(7), pg_advisory_lock_shared(8), pg_advisory_lock(1, 2);
SELECT pg_advisory_unlock_shared(8), pg_advisory_unlock(8), pg_advisory_unlock(1, 2), pg_advisory_unlock(4294967298);
SELECT pg_advisory_unlock_all();
SELECT pg_advisory_unlock(7);
BEGIN;
SELECT pg_advisory_xact_lock(9), pg_try_advisory_xact_lock(9);
COMMIT;
SELECT pg_advisory_unlock(9);
