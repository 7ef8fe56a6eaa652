# SPDX-License-Identifier: Apache-2.0
# Data directories of earlier formats, kept in golden/: this build reads them, gives the rows that were put in, and goes on
# from there. GOLDEN=NAME writes one of this build instead: before the format is raised, never afterwards.
use strict;
use warnings;
use Hanzo;
use Test::More;

my $golden = Hanzo::source() . '/regress/golden';

# What is in each: rows in parts, rows in memory, rows that are in the log alone, and what the catalog knows.
my @setup = (
	'CREATE TABLE wide (k UInt32, s String, n Nullable(Int64), l LowCardinality(String), a Array(UInt16), d DateTime(\'UTC\')) '
		. 'ENGINE = MergeTree PARTITION BY k % 2 ORDER BY k SETTINGS min_bytes_for_wide_part = 0, min_rows_for_compact_part = 0',
	'INSERT INTO wide SELECT number, toString(number * 7), if(number % 3, number, NULL), toString(number % 4), [number, 1], '
		. 'toDateTime(1700000000 + number, \'UTC\') FROM numbers(40)',
	'CREATE TABLE compact (k UInt32, v Decimal(12, 3), u UUID, m Map(String, UInt8)) ENGINE = ReplacingMergeTree ORDER BY k '
		. 'SETTINGS min_rows_for_compact_part = 0',
	'INSERT INTO compact SELECT number, number / 8, toUUID(\'01234567-89ab-cdef-0123-456789abcdef\'), map(\'x\', number) FROM numbers(20)',
	'DELETE FROM wide WHERE k % 10 = 3',
	'ALTER TABLE wide ADD COLUMN later UInt8 DEFAULT k + 1',
	'CREATE TABLE small (k UInt32, s String) ENGINE = MergeTree ORDER BY k SETTINGS non_replicated_deduplication_window = 10',
	'INSERT INTO small SETTINGS insert_deduplication_token = \'t\' VALUES (1, \'one\'), (2, \'two\')',
	'CREATE VIEW sums AS SELECT count() AS c, sum(k) AS s FROM wide',
);
my @setup_pg = (
	'CREATE TABLE keyed (id bigserial PRIMARY KEY, name text NOT NULL, at timestamptz)',
	q{INSERT INTO keyed (name, at) VALUES ('a', '2026-01-02 03:04:05+00'), ('b', NULL)},
	q{INSERT INTO keyed VALUES (2, 'c') ON CONFLICT (id) DO UPDATE SET name = excluded.name},
	'CREATE ROLE reader LOGIN CREATEDB',
);
my @tail = ('INSERT INTO small VALUES (3, \'three\')', 'DELETE FROM small WHERE k = 1', 'INSERT INTO compact VALUES (5, 99, '
	. 'toUUID(\'01234567-89ab-cdef-0123-456789abcdef\'), map())');

my @questions = (
	['SELECT count(), sum(k), sum(length(s)), count(n), sum(n), sum(toUInt32(l)), sum(arraySum(a)), sum(toUInt32(d) - 1700000000), '
		. 'sum(later) FROM wide', "36\t708\t93\t24\t471\t52\t744\t708\t744"],
	['SELECT k, v, u, m FROM compact FINAL WHERE k IN (5, 6) ORDER BY k',
		"5\t99\t01234567-89ab-cdef-0123-456789abcdef\t{}\n6\t0.75\t01234567-89ab-cdef-0123-456789abcdef\t{'x':6}"],
	['SELECT k, s FROM small ORDER BY k', "2\ttwo\n3\tthree"],
	['SELECT c, s FROM sums', "36\t708"],
	['SELECT id, name, at IS NULL FROM keyed ORDER BY id', "1\ta\t0\n2\tc\t1"],
	['SELECT name FROM system.tables WHERE database = currentDatabase() AND engine != \'\' ORDER BY name', "compact\nkeyed\nsmall\nsums\nwide"],
);

sub ask_all {
	my ($s, $when) = @_;
	is($s->http($_->[0]), $_->[1], "$when: $_->[0]") for @questions;
	is($s->psql(q{SELECT rolname, rolcreatedb FROM pg_roles WHERE rolname = 'reader'}), 'reader|t', "$when: roles");
}

if ($ENV{GOLDEN}) {
	my $s = Hanzo->new->start;
	$s->http($_) for @setup;
	$s->psql($_) for @setup_pg;
	$s->restart;
	$s->http($_) for @tail;    # these stay in the log, and in memory
	ask_all($s, 'as written');
	$s->kill9;
	system('tar', '-C', $s->{dir}, '--exclude=LOCK', '--sparse', '--sort=name', '--owner=0', '--group=0', '-cJf', "$golden/$ENV{GOLDEN}.tar.xz", '.');
	done_testing;
	exit;
}
my @archives = sort glob "$golden/*.tar.xz";
ok(scalar @archives, 'there is one');
for my $archive (@archives) {
	my ($name) = $archive =~ m{([^/]+)\.tar\.xz$};
	my $s = Hanzo->new;
	mkdir $s->{dir} or die;
	is(system('tar', '-C', $s->{dir}, '-xJf', $archive), 0, "$name is unpacked");
	$s->start;
	ask_all($s, $name);
	is($s->http('INSERT INTO small SETTINGS insert_deduplication_token = \'t\' VALUES (1, \'one\'), (2, \'two\')'), '', "$name: a token again");
	is($s->http('SELECT count() FROM small'), '2', "$name: it is known still");
	cmp_ok($s->psql(q{INSERT INTO keyed (name) VALUES ('d') RETURNING id}), '>', 2, "$name: a number that was not given before");
	is($s->psql(q{DELETE FROM keyed WHERE name = 'd'}), '', "$name: and gone");
	$s->http("OPTIMIZE TABLE $_ FINAL") for qw(wide compact small keyed);
	is($s->http('CHECK TABLE wide SETTINGS check_query_single_value_result = 1'), '1', "$name: whole");
	$s->restart;
	ask_all($s, "$name, merged and started again");
	is($s->stop, 0, "$name: stopped");
}
done_testing;
