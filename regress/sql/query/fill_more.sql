-- over: http
-- WITH FILL over types, steps, several columns, sorting prefixes, STALENESS and INTERPOLATE; and what is refused.
SELECT n FROM (SELECT number * 2 AS n FROM numbers(3)) ORDER BY n WITH FILL;
select a,b from values('a UInt8, b UInt8',(1,1),(1,4),(2,2),(2,3)) order by a, b with fill;
select a,b,x from values('a UInt8, b UInt8, x String',(1,1,'q'),(3,4,'w')) order by a with fill to 6 interpolate (x, b as b+1);
select d from (select toDate('2020-01-01') + number*40 d from numbers(3)) order by d with fill step interval 1 month;
select x from (select 1.5 x union all select 3 ) order by x with fill step 0.5;
select x from values('x Nullable(Int8)',1,NULL,4) order by x with fill;
select 1 x order by x with fill step 0;
select 1 x order by x with fill from 3 to 1;
select 1 x order by x with fill step -1;
select 's' x order by x with fill;
select number*3 x from numbers(3) order by x with fill to 20 limit 4;
select number*3 x from numbers(0) order by x with fill from 1 to 4;
select number*3 x from numbers(3) order by x desc with fill;
select number*3 x from numbers(3) order by x desc with fill from 8;
select n from (select 10 n) order by n with fill from 7 to 9;
select n,s from values('n UInt8, s String',(1,'a'),(5,'b'),(9,'c')) order by n with fill staleness 2 interpolate;
select toDecimal32(number,2) x from numbers(2) order by x with fill step 0.5;
select x, y from values('x UInt8, y UInt8',(1,2),(3,1)) order by x with fill, y with fill;
select a,b,c from values('a UInt8, b UInt8, c UInt8',(1,2,3),(3,1,9)) order by a with fill, b, c with fill;
select x, y from values('x UInt8, y UInt8',(1,2),(3,1)) order by x with fill from 0 to 5, y with fill from 0 to 3;
select number*3 a, number b from numbers(3) order by a with fill from -2 to 9 step 2;
select toDateTime('2020-01-01 00:00:00') + number*3600 t, number from numbers(2) order by t with fill step interval 20 minute;
select number+5 a, number b from numbers(3) order by b with fill from 1 to 5, a with fill from 2 to 4;
select count() from (select number*2 n from numbers(20000) order by n with fill);
