-- over: http
-- ANY, SEMI, ANTI, ASOF and PASTE joins of either side.
select count() from (select number%2 k from numbers(4)) x any inner join (select number%2 k from numbers(6)) y using k;
select x.k, y.v from (select number%2 k, number n from numbers(4)) x any right join (select number%2 k, number v from numbers(6)) y using k order by v;
select x.n, y.v from (select number%2 k, number n from numbers(4)) x any full join (select number%3 k, number v from numbers(6)) y using k order by all;
select y.v, x.n from (select number%2 k, number n from numbers(4)) x right semi join (select number%3 k, number v from numbers(6)) y using k order by all;
select y.v, x.n from (select number%2 k, number n from numbers(4)) x right anti join (select number%3 k, number v from numbers(6)) y using k order by all;
select y.v, x.n from (select number%2 k, number n from numbers(4)) x right anti join (select number%3 k, number v from numbers(6)) y on x.k=y.k order by all;
select k, y.v, x.n from (select number%2 k, number n from numbers(4)) x right anti join (select number%3 k, number v from numbers(6)) y using k order by all;
select x.n, y.v from (select number n from numbers(4)) x paste join (select number*10 v from numbers(3)) y;
select * from (select number n from numbers(4)) x paste join (select number*10 v from numbers(3)) y;
select x.t, y.t, y.v from (select 1 k, arrayJoin([1,5, 10, 15]) as t) x asof left join (select 1 k, arrayJoin([4,9]) t, t*10 v) y on x.k=y.k and x.t>=y.t order by x.t;
select x.t, y.t, y.v from (select 1 k, arrayJoin([1,5, 10, 15]) as t) x asof join (select 1 k, arrayJoin([4,9]) t, t*10 v) y on x.k=y.k and x.t<y.t order by x.t;
select x.t, y.t from (select 1 k, arrayJoin([1,4,5, 10, 15]) as t) x asof join (select 1 k, arrayJoin([4,9]) t) y on x.k=y.k and y.t<x.t order by x.t;
select x.t, y.t from (select 1 k, arrayJoin([1,4,5, 10, 15]) as t) x asof join (select 1 k, arrayJoin([4,9,9,2]) t) y on x.k=y.k and y.t>=x.t order by x.t;
select x.t, y.t from (select 1 k, arrayJoin([1,5, 10, 15]) as t) x asof join (select 1 k, arrayJoin([4,9]) t) y using (k,t) order by x.t;
select x.t, y.t from (select 1 k, arrayJoin([1,5, 10, 15]) as t) x asof join (select 1 k, arrayJoin([4,9]) t) y on x.t>=y.t order by x.t;
select x.t from (select 1 k, 's' as t) x asof join (select 1 k, 'a' t) y on x.k=y.k and x.t>=y.t order by x.t;
select sum(x.t-y.t) from (select number%100 k, number t from numbers(100000)) x asof join (select number%100 k, number*3 t from numbers(30000)) y on x.k=y.k and x.t>=y.t;
select a.n, b.n from (select number n from numbers(3)) a semi left join (select arrayJoin([1,1,2]) n) b on a.n=b.n order by all;
