-- over: http
-- if, multiIf, CASE: the common type of the branches, NULL conditions count as false.
SELECT if(1, 'a', 'b'), if(0, 'a', 'b'), if(NULL, 'a', 'b'), if(1 = 1, 10, 20);
SELECT toTypeName(if(1, toUInt8(1), toInt16(2))), toTypeName(if(1, 1, 1.5)), toTypeName(if(1, 1, NULL)), toTypeName(if(1, 'a', NULL));
SELECT multiIf(0, 'a', 1, 'b', 'c'), multiIf(0, 'a', 0, 'b', 'c'), multiIf(NULL, 1, 1, 2, 3);
SELECT CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END, CASE 5 WHEN 1 THEN 'one' END;
SELECT CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' ELSE 'c' END, CASE WHEN 0 THEN 1 END;
SELECT number, if(number % 2, 'odd', 'even'), multiIf(number < 2, 'low', number < 4, 'mid', 'high') FROM numbers(6) ORDER BY number;
SELECT number, CASE number WHEN 0 THEN 'zero' WHEN 1 THEN 'one' ELSE toString(number) END FROM numbers(4) ORDER BY number;
SELECT 1 ? 2 : 3;
SELECT if(number = 0, 0, intDiv(12, number)) FROM numbers(4);
SELECT if('a', 1, 2);
