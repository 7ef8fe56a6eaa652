-- over: http
-- {name:Type} parameters.
--! url param_id=5&param_s=it%27s%20%5Ct%20ok
SELECT {id:UInt64} + 1, {s:String};
--! url param_a=%5B1%2C2%2C3%5D&param_d=2024-01-01&param_m=%7B%27k%27%3A1%7D
SELECT {a:Array(UInt8)}, {d:Date}, {m:Map(String, UInt8)}, toTypeName({d:Date});
--! url param_t=one&param_c=number
SELECT {c:Identifier} FROM numbers(2) ORDER BY 1;
--! url param_n=%5CN
SELECT {n:Nullable(String)} IS NULL;
--! url param_x=abc
SELECT {x:UInt8};
SELECT {missing:UInt8};
--! url param_f=1.5&param_dec=2.25&param_u=61f0c404-5cb3-11e7-907b-a6006ad3dba0&param_b=true
SELECT {f:Float64}, {dec:Decimal(10,2)}, {u:UUID}, {b:Bool};
--! url param_ts=2024-01-01%2012:00:00
SELECT {ts:DateTime('UTC')} + 1, {ts:DateTime64(3, 'UTC')};
--! url param_start=2&param_n=3
SELECT number FROM numbers(10) WHERE number >= {start:UInt64} ORDER BY number LIMIT {n:UInt64};
--! url param_tup=(1,%27a%27)
SELECT {tup:Tuple(UInt8, String)};
