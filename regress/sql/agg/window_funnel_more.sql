-- over: http
-- The rarer functions of this family.
SELECT sequenceMatch('(?1)(?2)')(t, e = 'a', e = 'b'), sequenceCount('(?1).*(?2)')(t, e = 'a', e = 'b') FROM (SELECT toDateTime(number, 'UTC') AS t, if(number % 2, 'b', 'a') AS e FROM numbers(6));
