-- over: http
-- The rarer functions of this family.
SELECT NULL AND 0, NULL AND 1, NULL OR 1, NULL OR 0, NOT NULL, xor(NULL, 1);
