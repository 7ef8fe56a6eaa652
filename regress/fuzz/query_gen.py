#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random queries over three small tables, in PostgreSQL's SQL or ClickHouse's, whose answers do not depend on chance.

  query_gen.py pg|ch SEED COUNT      one statement a line; the first lines make the tables and end with an empty line

Joins, nesting, grouping, NULLs, windows, set operations, subqueries. Rows have no order unless a query has LIMIT, and then
every column is in ORDER BY, so answers are compared as sorted lists of rows. Sums are of integers, divisors are never
zero, windows are ordered by a key, aggregates that show an order have one.
"""
import random
import sys

TABLES = {"t1": ["id", "a", "b", "s"], "t2": ["id", "a", "c", "s"], "t3": ["id", "b", "c", "s"]}
WORDS = ["x", "y", "xy", "", "Z", "abc"]


class Gen:
    def __init__(self, dialect, seed):
        self.r = random.Random(seed)
        self.ch = dialect == "ch"
        self.names = 0

    def pick(self, *xs):
        return self.r.choice(xs)

    def chance(self, p):
        return self.r.random() < p

    def fresh(self, prefix):
        self.names += 1
        return "%s%d" % (prefix, self.names)

    # ---- tables ----
    def schema(self):
        out, data = [], random.Random(7)
        for t, columns in TABLES.items():
            if self.ch:
                kinds = {"id": "Int64", "s": "Nullable(String)"}
                out.append("CREATE TABLE %s (%s) ENGINE = Memory" % (
                    t, ", ".join("%s %s" % (c, kinds.get(c, "Nullable(Int64)")) for c in columns)))
            else:
                out.append("CREATE TABLE %s (%s)" % (
                    t, ", ".join("%s %s" % (c, "text" if c == "s" else "int") for c in columns)))
            rows = []
            for i in range(1, 13):
                row = [str(i)]
                for c in columns[1:]:
                    if data.random() < 0.2:
                        row.append("NULL")
                    elif c == "s":
                        row.append("'%s'" % data.choice(WORDS))
                    else:
                        row.append(str(data.randint(-2, 5)))
                rows.append("(%s)" % ", ".join(row))
            out.append("INSERT INTO %s VALUES %s" % (t, ", ".join(rows)))
        return out

    # ---- expressions: cols is a list of (text, kind) with kind i or s ----
    def of_kind(self, cols, kind):
        return [c for c, k in cols if k == kind]

    def null(self, kind):
        if self.ch:
            return "CAST(NULL AS Nullable(%s))" % ("Int64" if kind == "i" else "String")
        return "CAST(NULL AS %s)" % ("int" if kind == "i" else "text")

    def integer(self, cols, depth):
        have = self.of_kind(cols, "i")
        if depth <= 0 or self.chance(0.3):
            if have and self.chance(0.8):
                return self.r.choice(have)
            return self.signed(str(self.r.randint(0, 6))) if self.chance(0.9) else self.null("i")
        d = depth - 1
        i = lambda: self.integer(cols, d)
        n = self.r.randint(0, 9)
        if n <= 2:
            return "(%s %s %s)" % (i(), self.pick("+", "-"), i())
        if n == 3:
            return "(%s * %s)" % (i(), self.signed(str(self.r.randint(-2, 3))))
        if n == 4:
            return "CASE WHEN %s THEN %s ELSE %s END" % (self.boolean(cols, d), i(), i())
        if n == 5:
            return "coalesce(%s, %s)" % (i(), i())
        if n == 6:
            return "nullif(%s, %s)" % (i(), i())
        if n == 7:
            return self.signed("abs(%s)" % i())
        if n == 8:
            return self.signed("length(%s)" % self.text(cols, d))
        return self.signed("(%s %% %d)" % (i(), self.r.randint(2, 4)))

    def signed(self, x):
        """ClickHouse has unsigned integers, which do not go with signed ones."""
        return "toInt64(%s)" % x if self.ch else x

    def text(self, cols, depth):
        have = self.of_kind(cols, "s")
        if depth <= 0 or self.chance(0.4):
            if have and self.chance(0.8):
                return self.r.choice(have)
            return "'%s'" % self.r.choice(WORDS) if self.chance(0.9) else self.null("s")
        d = depth - 1
        s = lambda: self.text(cols, d)
        n = self.r.randint(0, 4)
        if n == 0:
            return "(%s || %s)" % (s(), s())
        if n == 1:
            return "%s(%s)" % (self.pick("upper", "lower"), s())
        if n == 2:
            return "coalesce(%s, %s)" % (s(), s())
        if n == 3:
            return "CASE WHEN %s THEN %s ELSE %s END" % (self.boolean(cols, d), s(), s())
        return "nullif(%s, %s)" % (s(), s())

    def expr(self, cols, kind, depth):
        return self.integer(cols, depth) if kind == "i" else self.text(cols, depth)

    def boolean(self, cols, depth, subqueries=True):
        d = depth - 1
        kind = self.pick("i", "i", "s")
        e = lambda: self.expr(cols, kind, d)
        n = self.r.randint(0, 12) if depth > 0 else self.r.randint(0, 3)
        if n <= 1:
            return "%s %s %s" % (e(), self.pick("=", "<>", "<", "<=", ">", ">="), e())
        if n == 2:
            return "%s IS %sNULL" % (e(), self.pick("", "NOT "))
        if n == 3:
            values = ["'%s'" % self.r.choice(WORDS) if kind == "s" else str(self.r.randint(-2, 5)) for _ in range(3)]
            return "%s %sIN (%s)" % (e(), self.pick("", "NOT "), ", ".join(values))
        if n == 4:
            return "%s %sBETWEEN %s AND %s" % (e(), self.pick("", "NOT "), e(), e())
        if n == 5:
            return "%s %sLIKE '%s'" % (self.text(cols, d), self.pick("", "NOT "), self.pick("x%", "%y", "_", "%b%", ""))
        if n <= 7:
            return "(%s %s %s)" % (self.boolean(cols, d), self.pick("AND", "OR"), self.boolean(cols, d))
        if n == 8:
            return "NOT (%s)" % self.boolean(cols, d)
        if n == 9:
            return "%s IS %sDISTINCT FROM %s" % (e(), self.pick("", "NOT "), e())
        if not subqueries or self.ch and n >= 12:
            return "%s = %s" % (e(), e())
        if n == 10 and not self.ch:
            return "%sEXISTS (%s)" % (self.pick("", "NOT "), self.inner(cols, d, None))
        if n == 11 and not self.ch:
            return "%s %s %s (%s)" % (e(), self.pick("=", "<>", "<", ">="), self.pick("ANY", "ALL"), self.inner(cols, d, kind))
        return "%s %sIN (%s)" % (e(), "" if self.ch else self.pick("", "NOT "), self.inner(cols, d, kind))

    def inner(self, cols, depth, kind):
        """A query of one column (any, for kind None) that may read the columns outside."""
        t, alias = self.r.choice(list(TABLES)), self.fresh("q")
        mine = [("%s.%s" % (alias, c), "s" if c == "s" else "i") for c in TABLES[t]]
        seen = mine if self.ch else mine + cols
        where = " WHERE " + self.boolean(seen, min(depth, 1), False) if self.chance(0.8) else ""
        if kind is None:
            return "SELECT 1 FROM %s AS %s%s" % (t, alias, where)
        if self.chance(0.3):
            f = self.pick("max", "min")
            return "SELECT %s(%s) FROM %s AS %s%s" % (f, self.r.choice(self.of_kind(mine, kind)), t, alias, where)
        # what may be NULL in a set is another matter in ClickHouse
        where += (" AND " if where else " WHERE ") + "%s.s IS NOT NULL" % alias if self.ch else ""
        x = "coalesce(%s, %s)" % (self.r.choice(self.of_kind(mine, kind)), "'n'" if kind == "s" else "0") if self.ch \
            else self.expr(mine, kind, 1)
        return "SELECT %s FROM %s AS %s%s" % (x, t, alias, where)

    def scalar(self, cols, depth):
        t, alias = self.r.choice(list(TABLES)), self.fresh("v")
        mine = [("%s.%s" % (alias, c), "s" if c == "s" else "i") for c in TABLES[t]]
        seen = mine if self.ch else mine + cols
        f = self.pick("max(%s)", "min(%s)", "sum(%s)", self.signed("count(%s)"), self.signed("count(DISTINCT %s)"))
        return "(SELECT %s FROM %s AS %s WHERE %s)" % (f % self.r.choice(self.of_kind(mine, "i")), t, alias,
                                                     self.boolean(seen, 1, False))

    # ---- FROM ----
    def source(self, depth):
        """(text, columns)"""
        if depth > 0 and self.chance(0.3):
            alias = self.fresh("d")
            q, kinds = self.query(depth - 1, alias)
            return "(%s) AS %s" % (q, alias), [("%s.%s" % (alias, n), k) for n, k in kinds]
        t, alias = self.r.choice(list(TABLES)), self.fresh("r")
        return "%s AS %s" % (t, alias), [("%s.%s" % (alias, c), "s" if c == "s" else "i") for c in TABLES[t]]

    def from_clause(self, depth):
        text, cols = self.source(depth)
        for _ in range(self.pick(0, 0, 1, 1, 2)):
            right, more = self.source(depth - 1)
            kind = self.pick("JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN")
            if kind == "CROSS JOIN":
                text, cols = "%s CROSS JOIN %s" % (text, right), cols + more
                continue
            k = self.pick("i", "i", "s")
            left_keys, right_keys = self.of_kind(cols, k), self.of_kind(more, k)
            if not left_keys or not right_keys:
                text, cols = "%s CROSS JOIN %s" % (text, right), cols + more
                continue
            on = "%s = %s" % (self.r.choice(left_keys), self.r.choice(right_keys))
            if kind != "FULL JOIN" and self.chance(0.3) and (not self.ch or kind == "JOIN"):
                on += " AND " + self.boolean(cols + more, 1, False)
            text, cols = "%s %s %s ON %s" % (text, kind, right, on), cols + more
        return text, cols

    # ---- SELECT ----
    def aggregate(self, cols):
        i = self.integer(cols, 1)
        s = self.text(cols, 1)
        n = self.r.randint(0, 8)
        f = " FILTER (WHERE %s)" % self.boolean(cols, 1, False) if self.chance(0.2) else ""
        if n == 0:
            return self.signed("count(*)" + f), "i"
        if n <= 2:
            return "%s(%s)%s" % (self.pick("sum", "min", "max"), i, f), "i"
        if n == 3:
            return self.signed("count(%s%s)%s" % (self.pick("", "DISTINCT "), i, f)), "i"
        if n == 4:
            return "%s(%s)%s" % (self.pick("min", "max"), s, f), "s"
        if n == 5:
            return self.signed("count(%s)%s" % (s, f)), "i"
        if n == 6 and not self.ch:
            return "string_agg(%s, ',' ORDER BY %s)%s" % (s, s, f), "s"
        if n == 6:
            return "arrayStringConcat(arraySort(groupArray(%s)), ',')" % s, "s"
        if n == 7 and not self.ch:
            return "CAST(bool_%s(%s)%s AS int)" % (self.pick("and", "or"), self.boolean(cols, 1, False), f), "i"
        return "sum(%s + %s)%s" % (i, self.signed("1"), f), "i"

    def window(self, cols):
        ints = self.of_kind(cols, "i")
        order = ", ".join("%s%s" % (c, self.pick("", " DESC")) for c, _ in cols)
        part = "PARTITION BY %s " % self.integer(cols, 1) if self.chance(0.6) else ""
        x = self.r.choice(ints) if ints else self.signed("1")
        frame = ""
        if self.chance(0.4):
            frame = " ROWS BETWEEN %s AND %s" % (self.pick("UNBOUNDED PRECEDING", "2 PRECEDING", "1 PRECEDING", "CURRENT ROW"),
                                              self.pick("CURRENT ROW", "1 FOLLOWING", "UNBOUNDED FOLLOWING"))
        over = " OVER (%sORDER BY %s%s)" % (part, order, frame)
        n = self.r.randint(0, 6)
        if n == 0:
            return self.signed("%s()%s" % (self.pick("row_number", "rank", "dense_rank"), " OVER (%sORDER BY %s)" % (part, order))), "i"
        if n == 1 and not self.ch:
            return "%s(%s, %d)%s" % (self.pick("lag", "lead"), x, self.r.randint(0, 2), " OVER (%sORDER BY %s)" % (part, order)), "i"
        if n == 2:
            return "%s(%s)%s" % (self.pick("first_value", "last_value"), x, over), "i"
        if n == 3:
            return self.signed("count(*) OVER (PARTITION BY %s)" % self.integer(cols, 1)), "i"
        return self.signed("%s(%s)%s" % (self.pick("sum", "min", "max", "count"), x, over)), "i"

    def items(self, exprs, alias):
        return ", ".join("%s AS c%d" % (x, n) for n, (x, _) in enumerate(exprs)), [("c%d" % n, k) for n, (_, k) in enumerate(exprs)]

    def plain(self, depth, kinds=None):
        text, cols = self.from_clause(depth)
        where = " WHERE " + self.boolean(cols, 2) if self.chance(0.6) else ""
        if kinds is None and self.chance(0.4):
            return self.grouped(text, cols, where)
        exprs, windows = [], 0
        for k in kinds or [self.pick("i", "i", "s") for _ in range(self.r.randint(1, 3))]:
            # one window: rows that tie in every column have no order among them, which two would show
            if kinds is None and k == "i" and not windows and self.chance(0.25):
                exprs.append(self.window(cols))
                windows += 1
            elif k == "i" and self.chance(0.12):
                exprs.append((self.scalar(cols, 1), "i"))
            else:
                exprs.append((self.expr(cols, k, 2), k))
        select, out = self.items(exprs, None)
        return "SELECT %s%s FROM %s%s" % ("DISTINCT " if self.chance(0.15) else "", select, text, where), out

    def grouped(self, text, cols, where):
        simple = self.chance(0.5)
        keys = [(self.expr(cols, k, 0 if simple else 1), k) for k in [self.pick("i", "s") for _ in range(self.r.randint(0, 2))]]
        # a bare number would be a position, and a literal no key
        keys = [(x, k) for x, k in keys if any(c in x for c, _ in cols)]
        aggs = [self.aggregate(cols) for _ in range(self.r.randint(1, 2))]
        select, out = self.items(keys + aggs, None)
        q = "SELECT %s FROM %s%s" % (select, text, where)
        if keys:
            names = ", ".join(x for x, _ in keys)
            plain = all(x in [c for c, _ in cols] for x, _ in keys)
            form = self.pick("%s", "ROLLUP (%s)", "CUBE (%s)") if plain and not self.ch else "%s"
            q += " GROUP BY " + form % names
        if self.chance(0.3):
            having, _ = self.aggregate(cols)
            q += " HAVING %s IS NOT NULL" % having if self.chance(0.5) else " HAVING count(*) > %d" % self.r.randint(0, 2)
        return q, out

    def query(self, depth, alias=None):
        if self.chance(0.15):
            left, out = self.plain(depth)
            kinds = [k for _, k in out]
            right, _ = self.plain(depth - 1, kinds)
            op = self.pick("UNION ALL", "UNION DISTINCT", "INTERSECT", "EXCEPT")
            if self.ch and op in ("INTERSECT", "EXCEPT"):
                op += " DISTINCT"
            if self.ch:
                return "SELECT %s FROM ((%s) %s (%s)) AS %s" % (", ".join(n for n, _ in out), left, op, right, self.fresh("u")), out
            return "(%s) %s (%s)" % (left, op, right), out
        if self.chance(0.12):
            cte = self.fresh("w")
            q, out = self.plain(depth)
            cols = [("%s.%s" % (cte, n), k) for n, k in out]
            exprs = [(self.expr(cols, k, 1), k) for _, k in out]
            select, names = self.items(exprs, None)
            return "WITH %s AS (%s) SELECT %s FROM %s" % (cte, q, select, cte), names
        return self.plain(depth)

    def statement(self):
        q, out = self.query(2)
        if self.chance(0.2):
            order = ", ".join("%d%s%s" % (n + 1, self.pick("", " DESC"), self.pick("", " NULLS FIRST", " NULLS LAST"))
                              for n in range(len(out)))
            q = "SELECT * FROM (%s) AS %s ORDER BY %s LIMIT %d" % (q, self.fresh("o"), order, self.r.randint(0, 5))
            if self.chance(0.3):
                q += " OFFSET %d" % self.r.randint(0, 3)
        return q


def main():
    dialect, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print("\n".join(Gen(dialect, seed).schema()) + "\n")
    for n in range(count):
        print(Gen(dialect, "%d.%d" % (seed, n)).statement())


if __name__ == "__main__":
    main()
