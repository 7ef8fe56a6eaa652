// SPDX-License-Identifier: Apache-2.0
/*
 * Rows of TPC-H's eight tables as tab-separated text, which ClickHouse, DuckDB and PostgreSQL read. Sizes, key ranges
 * and distributions are the specification's as far as its 22 queries see them; texts are made of its words by a
 * simpler grammar. Every row is made from a hash of its number, so any piece of a table can be made alone.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/gen_tpch_words.h"

static const char help[] = "hanzo-gen-tpch TABLE [SCALE]\n"
                           "Writes region, nation, supplier, part, partsupp, customer, orders or lineitem as TSV.\n"
                           "  SCALE   1 (default) is 6,000,000 rows of lineitem; 0.01 is the least\n";

enum { START_DAY = 8035, ORDER_DAYS = 2406, CURRENT_DAY = 9298 /* 1995-06-17 */, TEXT_MAX = 512 };

static double scale = 1;

/* ---- numbers ---- */

struct rng {
	uint64_t state;
};

static uint64_t mixed(uint64_t z)
{
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Of one row of one table, whatever was made before. */
static struct rng rng_of(uint64_t table, uint64_t row)
{
	struct rng r = {mixed(mixed(table) ^ row)};
	return r;
}

static uint64_t draw(struct rng *r)
{
	return mixed(r->state += 0x9E3779B97F4A7C15u);
}

static int64_t between(struct rng *r, int64_t low, int64_t high)
{
	return low + (int64_t)(draw(r) % (uint64_t)(high - low + 1));
}

static int64_t scaled(int64_t n)
{
	return (int64_t)((double)n * scale + 0.5);
}

#define PICK(r, list) ((list)[draw(r) % (sizeof(list) / sizeof *(list))])

/* ---- text ---- */

static void put_money(int64_t cents)
{
	printf("%s%" PRId64 ".%02" PRId64, cents < 0 ? "-" : "", (cents < 0 ? -cents : cents) / 100,
	       (cents < 0 ? -cents : cents) % 100);
}

/* Days since 1970, as YYYY-MM-DD, by the calendar that counts years from March. */
static void put_date(int64_t day)
{
	int64_t z = day + 719468, era = z / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;
	printf("%04" PRId64 "-%02" PRId64 "-%02" PRId64, yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1);
}

static void put_phone(struct rng *r, int64_t nation)
{
	printf("%d-%03d-%03d-%04d", (int)nation + 10, (int)between(r, 100, 999), (int)between(r, 100, 999),
	       (int)between(r, 1000, 9999));
}

static void put_address(struct rng *r)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ, ";
	for (int64_t n = between(r, 10, 40); n > 0; n--)
		putchar(letters[draw(r) & 63]);
}

/* Words up to a length between low and high. */
static size_t words(struct rng *r, char *out, int64_t low, int64_t high)
{
	size_t size = 0, want = (size_t)between(r, low, high);
	while (size < want) {
		const char *parts[] = {PICK(r, adverbs), PICK(r, adjectives), PICK(r, nouns), PICK(r, verbs), PICK(r, prepositions)};
		for (size_t i = 0; i < 5 && size < want; i++)
			size += (size_t)snprintf(out + size, TEXT_MAX - size, "%s%s", parts[i],
			                         i == 4 ? " the " : i == 3 && draw(r) % 4 == 0 ? ". " : " ");
	}
	while (want > 0 && out[want - 1] == ' ')
		out[--want] = '.';
	return want;
}

static void put_text(struct rng *r, int64_t low, int64_t high)
{
	char text[TEXT_MAX];
	fwrite(text, 1, words(r, text, low, high), stdout);
}

/* ---- tables ---- */

static void region(int64_t i)
{
	struct rng r = rng_of(1, (uint64_t)i);
	printf("%" PRId64 "\t%s\t", i, regions[i]);
	put_text(&r, 31, 115);
}

static void nation(int64_t i)
{
	struct rng r = rng_of(2, (uint64_t)i);
	printf("%" PRId64 "\t%s\t%d\t", i, nations[i].name, nations[i].region);
	put_text(&r, 31, 114);
}

static void supplier(int64_t i)
{
	struct rng r = rng_of(3, (uint64_t)i);
	int64_t home = between(&r, 0, 24), kind = between(&r, 0, 1999);
	char text[TEXT_MAX];
	printf("%" PRId64 "\tSupplier#%09" PRId64 "\t", i + 1, i + 1);
	put_address(&r);
	printf("\t%" PRId64 "\t", home);
	put_phone(&r, home);
	putchar('\t');
	put_money(between(&r, -99999, 999999));
	size_t n = words(&r, text, 45, 100);
	if (kind < 2) { /* five of ten thousand each */
		memcpy(text + between(&r, 0, 15), "Customer ", 9);
		memcpy(text + 26, kind == 0 ? "Complaints" : "Recommends", 10);
	}
	printf("\t%.*s", (int)n, text);
}

/* In cents. */
static int64_t retail_price(int64_t part)
{
	return 90000 + part / 10 % 20001 + 100 * (part % 1000);
}

static void part(int64_t i)
{
	struct rng r = rng_of(4, (uint64_t)i);
	int64_t maker = between(&r, 1, 5);
	size_t used[5];
	printf("%" PRId64 "\t", i + 1);
	for (size_t n = 0; n < 5; n++) {
		bool again;
		do {
			used[n] = draw(&r) % (sizeof colors / sizeof *colors);
			again = false;
			for (size_t k = 0; k < n; k++)
				again |= used[k] == used[n];
		} while (again);
		printf("%s%s", n == 0 ? "" : " ", colors[used[n]]);
	}
	printf("\tManufacturer#%d\tBrand#%d%d\t%s %s %s\t%d\t%s %s\t", (int)maker, (int)maker, (int)between(&r, 1, 5),
	       PICK(&r, type_sizes), PICK(&r, type_finishes), PICK(&r, type_metals), (int)between(&r, 1, 50),
	       PICK(&r, container_sizes), PICK(&r, container_kinds));
	put_money(retail_price(i + 1));
	putchar('\t');
	put_text(&r, 5, 22);
}

/* The i-th of a part's four suppliers. */
static int64_t supplier_of(int64_t part_key, int64_t i)
{
	int64_t s = scaled(10000);
	return (part_key + i * (s / 4 + (part_key - 1) / s)) % s + 1;
}

static void partsupp(int64_t i)
{
	struct rng r = rng_of(5, (uint64_t)i);
	printf("%" PRId64 "\t%" PRId64 "\t%d\t", i / 4 + 1, supplier_of(i / 4 + 1, i % 4), (int)between(&r, 1, 9999));
	put_money(between(&r, 100, 100000));
	putchar('\t');
	put_text(&r, 49, 198);
}

static void customer(int64_t i)
{
	struct rng r = rng_of(6, (uint64_t)i);
	int64_t home = between(&r, 0, 24);
	printf("%" PRId64 "\tCustomer#%09" PRId64 "\t", i + 1, i + 1);
	put_address(&r);
	printf("\t%" PRId64 "\t", home);
	put_phone(&r, home);
	putchar('\t');
	put_money(between(&r, -99999, 999999));
	printf("\t%s\t", PICK(&r, segments));
	put_text(&r, 29, 116);
}

/* One line of an order; both tables make it, the order for its price and state. */
struct line {
	int64_t part, supplier, quantity, price, discount, tax, ship_day, commit_day, receipt_day;
};

static int64_t order_key(int64_t i)
{
	return i / 8 * 32 + i % 8 + 1;
}

static int64_t order_lines(struct rng *r, int64_t *day)
{
	*day = START_DAY + between(r, 0, ORDER_DAYS - 1);
	return between(r, 1, 7);
}

static struct line make_line(struct rng *r, int64_t day)
{
	struct line l = {.part = between(r, 1, scaled(200000))};
	l.supplier = supplier_of(l.part, between(r, 0, 3));
	l.quantity = between(r, 1, 50);
	l.price = l.quantity * retail_price(l.part);
	l.discount = between(r, 0, 10);
	l.tax = between(r, 0, 8);
	l.ship_day = day + between(r, 1, 121);
	l.commit_day = day + between(r, 30, 90);
	l.receipt_day = l.ship_day + between(r, 1, 30);
	return l;
}

static void orders(int64_t i)
{
	struct rng r = rng_of(7, (uint64_t)i), other = rng_of(8, (uint64_t)i);
	int64_t day, n = order_lines(&r, &day), total = 0, open = 0, who;
	for (int64_t k = 0; k < n; k++) {
		struct line l = make_line(&r, day);
		total += (l.price * (100 + l.tax) / 100) * (100 - l.discount) / 100;
		open += l.ship_day > CURRENT_DAY;
	}
	do /* a third of the customers has no orders */
		who = between(&other, 1, scaled(150000));
	while (who % 3 == 0);
	printf("%" PRId64 "\t%" PRId64 "\t%c\t", order_key(i), who, open == 0 ? 'F' : open == n ? 'O' : 'P');
	put_money(total);
	putchar('\t');
	put_date(day);
	printf("\t%s\tClerk#%09" PRId64 "\t0\t", PICK(&other, priorities), between(&other, 1, scaled(1000)));
	put_text(&other, 19, 78);
}

static void lineitem(int64_t i)
{
	struct rng r = rng_of(7, (uint64_t)i), other = rng_of(9, (uint64_t)i);
	int64_t day, n = order_lines(&r, &day);
	for (int64_t k = 0; k < n; k++) {
		struct line l = make_line(&r, day);
		const int64_t dates[] = {l.ship_day, l.commit_day, l.receipt_day};
		printf("%s%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%d\t%d.00\t", k == 0 ? "" : "\n", order_key(i), l.part, l.supplier,
		       (int)k + 1, (int)l.quantity);
		put_money(l.price);
		printf("\t0.%02d\t0.%02d\t%c\t%c\t", (int)l.discount, (int)l.tax,
		       l.receipt_day > CURRENT_DAY ? 'N' : draw(&other) % 2 == 0 ? 'R' : 'A', l.ship_day > CURRENT_DAY ? 'O' : 'F');
		for (int d = 0; d < 3; d++) {
			put_date(dates[d]);
			putchar('\t');
		}
		printf("%s\t%s\t", PICK(&other, instructions), PICK(&other, modes));
		put_text(&other, 10, 43);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*row)(int64_t i);
		int64_t rows;
		bool fixed;
	} tables[] = {
		{"region", region, 5, true}, {"nation", nation, 25, true}, {"supplier", supplier, 10000, false},
		{"part", part, 200000, false}, {"partsupp", partsupp, 800000, false}, {"customer", customer, 150000, false},
		{"orders", orders, 1500000, false}, {"lineitem", lineitem, 1500000, false},
	};
	if (argc > 2)
		scale = strtod(argv[2], NULL);
	for (size_t t = 0; argc > 1 && scale >= 0.01 && t < sizeof tables / sizeof *tables; t++) {
		if (strcmp(tables[t].name, argv[1]) != 0)
			continue;
		for (int64_t i = 0; i < (tables[t].fixed ? tables[t].rows : scaled(tables[t].rows)); i++) {
			tables[t].row(i);
			putchar('\n');
		}
		return fflush(stdout) == 0 ? 0 : 1;
	}
	fputs(help, stderr);
	return 2;
}
