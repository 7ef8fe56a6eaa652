# SPDX-License-Identifier: Apache-2.0
# Tables, rows, views and settings of tables outlive the server.
use strict;
use warnings;
use Hanzo;
use Test::More;

my $s = Hanzo->new->start;
$s->http($_) for 'CREATE DATABASE d',
	"CREATE TABLE d.t (k UInt32, s String, n Nullable(Int32), lc LowCardinality(String), a Array(UInt8)) ENGINE = MergeTree PARTITION BY k % 2 ORDER BY k",
	"INSERT INTO d.t SELECT number, toString(number), if(number % 2, NULL, number), 'x', [number % 200] FROM numbers(10000)",
	'CREATE VIEW d.v AS SELECT count() AS c FROM d.t',
	'CREATE TABLE d.sums (k UInt8, c UInt64) ENGINE = SummingMergeTree ORDER BY k',
	'CREATE MATERIALIZED VIEW d.mv TO d.sums AS SELECT toUInt8(k % 3) AS k, count() AS c FROM d.t GROUP BY k',
	"CREATE TABLE d.m (a UInt8) ENGINE = Memory", 'INSERT INTO d.m VALUES (1)',
	"CREATE TABLE d.l (a UInt8) ENGINE = Log", 'INSERT INTO d.l VALUES (7)';
$s->psql('CREATE TABLE "Mixed" (id integer, "Name" text)');
$s->psql("INSERT INTO \"Mixed\" VALUES (1, 'x')");
my $sum = $s->http('SELECT count(), sum(k), sum(n), sum(cityHash64(s, a)) FROM d.t');
my $create = $s->http('SHOW CREATE TABLE d.t');
for my $round (1 .. 2) {
	$s->restart;
	is($s->http('SELECT count(), sum(k), sum(n), sum(cityHash64(s, a)) FROM d.t'), $sum, "rows after restart $round");
	is($s->http('SHOW CREATE TABLE d.t'), $create, 'the same statement made it');
	is($s->http('SELECT c FROM d.v'), 10000 + ($round - 1), 'the view');
	is($s->http('SELECT count() FROM d.m'), $round == 1 ? '0' : '0', 'Memory forgets');
	is($s->http('SELECT a FROM d.l'), '7', 'Log remembers');
	is($s->psql('SELECT id, "Name" FROM "Mixed"'), '1|x', 'quoted names');
	$s->http("INSERT INTO d.t (k) VALUES (100000 + $round)");
	is($s->http('SELECT sum(c) FROM d.sums'), $round, 'the materialized view fires');
	$sum = $s->http('SELECT count(), sum(k), sum(n), sum(cityHash64(s, a)) FROM d.t');
}
$s->http('DROP TABLE d.t');
$s->restart;
like($s->http('SELECT 1 FROM d.t'), qr/Code: 60\b/, 'dropped stays dropped');
is($s->stop, 0, 'clean stop');
done_testing;
