-- over: pg
-- What everyday mistakes are told, and where in the text: PostgreSQL's words.
create table t (a int primary key, b text not null, c numeric(5,2), d date, e boolean, f timestamp, g jsonb, h int[]);
--! message
select a from t t2 where t.a = 1;
--! message
select x.a from t;
--! message
select t.nosuch from t;
--! message
select a from t group by b;
--! message
select t1.b, count(*) from t t1;
--! message
select a + b from t;
--! message
select a from t where a = true;
--! message
select a from t where d = 1;
--! message
select -b from t;
--! message
select 1 like 2;
--! message
select distinct a from t order by b;
--! message
select a from t union select b from t;
--! message
select a from t union select a, b from t;
--! message
select * from t join t on true;
--! message
select * from t t1 join t t2 using (nosuch);
--! message
select * from t t1 join t t2 on t1.a;
--! message
select case when 1 then 2 end;
--! message
select sum(a) filter (where a) from t;
--! message
select count(*) from t having 1;
--! message
insert into t (a, a) values (1, 2);
--! message
insert into t (a, b) values (1);
--! message
insert into t (a, b) values (1, 'x', 3);
--! message
insert into t (a, b, d) values (5, 'x', 1);
--! message
insert into t (a, b, e) values (5, 'x', 1);
--! message
insert into t (a, b, d) select 1, 'x', 1;
--! message
insert into t (a, b) select 1, 'x', 2;
--! message
with x as (select 1), x as (select 2) select 1;
--! message
with x(a, b) as (select 1) select * from x;
--! message
select * from t as x(a, b, c, d, e, f, g, h, i);
--! message
select * from (values (1), (2)) as v(a, b);
--! message
select a[1] from t;
--! message
select (a).b from t;
select h[1][2] from t;
--! message
select *;
--! message
values (1), (1, 2);
--! message
select extract(foo from now());
--! message
select * from t limit -1;
--! message
select (select 1) + 'x';
