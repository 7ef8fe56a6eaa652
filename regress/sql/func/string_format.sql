-- over: http
-- Text made for people: format, sizes, quantities.
SELECT toFixedString('abcdef', 3);
