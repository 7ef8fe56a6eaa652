-- over: http
-- The rarer functions of this family.
SELECT ifNotFinite(1 / 0, 42), ifNotFinite(2.5, 42), ifNotFinite(0 / 0, -1);
SELECT sqrt(2), exp(1), log(10), log2(8), log10(1000), cbrt(27), exp2(10), exp10(3);
SELECT pi(), e(), sin(0), cos(0), tan(0), asin(1), acos(1), atan(1), atan2(1, 1), sinh(0), cosh(0), tanh(0), hypot(3, 4);
SELECT degrees(pi()), radians(180), log1p(0), sigmoid(0), erf(0), erfc(0), tgamma(5), lgamma(1);
