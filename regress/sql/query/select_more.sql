-- over: http
-- Named lambdas, aliases said twice, DISTINCT ordered by other expressions, limits by settings, stars as arguments.
select distinct number%2 x from numbers(5) order by number;
select distinct number%3 x from numbers(7) order by number desc;
select number from numbers(5) limit 'a';
select number from numbers(5) limit number;
select number n, n+1 from numbers(5) limit 1 by all;
select 1 as x, 1 as x;
select 1 as x, 2 as x;
select a from (select 1 as a, 2 as a);
select number from numbers(3) where 'abc';
with x -> x*2 as twice select arrayMap(twice, [1,2]), twice(5);
with (x,y) -> x+y as f select f(1,2), f(1);
with (x,y) -> x+y as f select f(1,number), arrayMap(z -> f(z, number), [1,2]) from numbers(2);
select cuont(*) from numbers(1);
select sum(cityHash64(*)) from numbers(3);
select count() from zeros(5);
select * from zeros(2);
select generate_series from generate_series(1,5,2) order by 1;
select count() from generate_series(5,1);
select number from numbers(10) settings limit=2, offset=3;
select number from numbers(10) limit 5 settings limit=2, offset=3;
select number from numbers(10) limit 5 offset 1 settings limit=3, offset=1;
select count() from (select number from numbers(10)) settings limit=2, offset=0;
select sum(number) from numbers(10000000) settings max_rows_to_read=1000;
select number, count(), grouping(number) from numbers(2) group by grouping sets ((number),(number),()) order by all;
