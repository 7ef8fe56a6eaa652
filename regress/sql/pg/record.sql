-- over: pg
-- Rows as values: their text and binary forms, fields, NULL tests, and rows in JSON.
create table rt (a int, b text, c numeric(5,2), d timestamp);
insert into rt values (1,'x y',1.5,'2020-01-01'),(2,null,null,null),(3,'q"\,()','2','2020-01-01 10:00');
select rt from rt order by a;
select row(1,'a',null,''), (1,2), row(), row(null), row('null'), row(true, '{1,2}'::int[], row(1,2));
select row_to_json(rt) from rt order by a;
select array_agg(rt order by a) from rt;
select json_agg(x) from (select a, b from rt order by a) x;
select row(1,2)::text, rt::text from rt where a=1;
select (rt).a, (rt).b from rt order by a;
select r.a, (r).* from rt r order by a;
select count(rt) from rt;
select * from rt where (a,b) = (1,'x y');
select * from rt where row(a,c) < row(2,null) order by a;
select row(1,2) = row(1,2), row(1,null) = row(1,null), row(1,2) < row(1,3), row(1,2) is null, row(null,null) is null;
select (select rt from rt where a=1);
select distinct rt from rt order by rt;
select json_build_object('r', row(1,'a'));
select count(rt) from rt;
select rt is not null, rt is null from rt order by a;
select coalesce(rt, null) from rt order by a;
select json_agg(k) from (values (array[1,2]), (array[3])) t(k);
select jsonb_object_agg(k, v) from (values ('b', 1), ('a', 2), ('b', 3)) t(k, v);
--! binary
select row(1, 'x'::text, null::int, true, 1.5::numeric), row(row(1::int8), array[1, 2]);
