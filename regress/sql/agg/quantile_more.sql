-- over: http
-- The rarer functions of this family.
SELECT quantileTiming(0.5)(number), quantileTDigest(0.5)(number), quantileTDigestWeighted(0.5)(number, 1), quantileExactWeighted(0.5)(number, number), quantileDeterministic(0.5)(number, number), quantileBFloat16(0.5)(number) FROM numbers(101);
SELECT quantileExactInclusive(0.25)(number), quantileExactExclusive(0.25)(number), quantilesExactInclusive(0.25, 0.75)(number), quantileInterpolatedWeighted(0.5)(number, 1), quantileDD(0.01, 0.5)(number + 1) > 40, quantilesTDigest(0.5)(number) FROM numbers(101);
