-- over: pg
-- Folding and quoting of names.
CREATE TABLE MixedCase (Id integer, "Name" text);
INSERT INTO mixedcase VALUES (1, 'x');
SELECT ID, "Name" FROM MIXEDCASE;
SELECT "Id" FROM mixedcase;
CREATE TABLE "Users" (id integer, "camelCase" integer);
INSERT INTO "Users" VALUES (1, 2);
SELECT id, "camelCase" FROM "Users";
SELECT "Users"."camelCase", u.id FROM "Users", "Users" AS u;
CREATE TABLE users (id integer);
SELECT count(*) FROM users;
SELECT 1 AS select;
SELECT 1 AS "order", 2 value, 3 name;
--! names
SELECT Id, "Name" AS N FROM MixedCase;
SELECT public.mixedcase.id FROM public.mixedcase;
SELECT mixedcase FROM mixedcase;
