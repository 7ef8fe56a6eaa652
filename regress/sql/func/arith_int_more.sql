-- over: http
-- The rarer functions of this family.
SELECT modulo(10, 4), positiveModulo(-7, 3), positive_modulo(-1, 5), moduloOrZero(5, 0);
