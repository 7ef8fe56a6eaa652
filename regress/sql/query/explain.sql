-- over: http
-- EXPLAIN answers something for each kind; EXPLAIN SYNTAX prints the statement again.
EXPLAIN SYNTAX SELECT 1+2 AS a,count( * ) FROM numbers(3) WHERE number=1 AND number in(1,2);
EXPLAIN AST SELECT 1 FORMAT Null;
EXPLAIN PLAN SELECT 1 FORMAT Null;
EXPLAIN PIPELINE SELECT 1 FORMAT Null;
EXPLAIN SELECT nothing FROM numbers(1);
EXPLAIN QUERY TREE SELECT 1 FORMAT Null;
