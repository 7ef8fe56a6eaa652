# SPDX-License-Identifier: Apache-2.0
# Maps of keys: files beside the parts that say which row has a key. A key is found through them after a merge, a start and
# kill -9, and no less where they are damaged or gone; they go with their parts. And rows that are deleted in a part that is
# attached, or that is handed over, stay deleted.
use strict;
use warnings;
use Hanzo qw(run_command slurp);
use Test::More;

my $s = Hanzo->new->start;
$s->psql('CREATE TABLE k (id bigint PRIMARY KEY, u text UNIQUE, v int)');
$s->psql("INSERT INTO k SELECT i, 'u' || i, 1 FROM generate_series(1, 200000) i");

# Files of maps, by the part that they are of.
sub maps { return map { m{.*/(\S+)-[0-9a-f]{16}\.keys$} ? $1 : "?$_" } glob "$s->{dir}/store/*/marks/*" }

sub refused {
	my ($values, $what, $name) = @_;
	my (undef, $message) = $s->psql("INSERT INTO k VALUES $values");
	like($message, qr/23505.*\Q$what\E/s, $name);
}

is(scalar maps(), 0, 'a load into an empty table needs none');
refused("(0, 'u150000', 1)", 'Key (u)=(u150000) already exists', 'a key that is not the sort key');
is(join(',', maps()), 'all_1_1_0', 'is looked up in a map');
$s->psql("INSERT INTO k SELECT i, 'u' || i, 1 FROM generate_series(200001, 300000) i");
refused("(0, 'u250000', 1)", 'Key (u)=(u250000) already exists', 'in a second part');
$s->http('OPTIMIZE TABLE k FINAL');
is(join(',', maps()), 'all_1_2_1', 'a merge makes the map of its result, and those of its sources go with them');
refused("(0, 'u77', 1)", 'Key (u)=(u77) already exists', 'where it is found');
$s->psql("INSERT INTO k SELECT i, 'w' || i, 5 FROM generate_series(1, 400000, 2) i ON CONFLICT (id) DO UPDATE SET v = k.v + excluded.v");
is($s->psql('SELECT count(*), sum(v), count(DISTINCT id), count(DISTINCT u) FROM k'), "350000|1300000|350000|350000", 'many rows at once');
$s->psql('UPDATE k SET v = v + 1 WHERE id = 1') for 1 .. 20;
$s->psql("INSERT INTO k VALUES (1, 'x', 0) ON CONFLICT (id) DO UPDATE SET v = k.v + 1") for 1 .. 20;
is($s->psql("SELECT v FROM k WHERE id = 1"), "46", 'one row often');
my $state = 'SELECT count(*), sum(v), sum(id), min(u), max(u) FROM k';
my $rows = $s->psql($state);
$s->kill9;
$s->start;
is($s->psql($state), $rows, 'the same after kill -9');
refused("(0, 'u88888', 1)", 'Key (u)=(u88888) already exists', 'keys, too');

sub spoil {
	my ($how) = @_;
	$s->stop;
	for my $file (glob "$s->{dir}/store/*/marks/*.keys") {
		my $bytes = slurp($file);
		unlink $file;
		next if $how eq 'missing';
		$bytes = substr $bytes, 0, length($bytes) / 2 if $how eq 'truncated';
		$bytes = '' if $how eq 'empty';
		substr($bytes, $_, 1) = chr(ord(substr $bytes, $_, 1) ^ 0x10) for $how eq 'flipped' ? map { $_ * 4096 } 0 .. length($bytes) / 4096 - 1 : ();
		open my $f, '>:raw', $file or die "$file: $!";
		print $f $bytes;
		close $f;
	}
	open my $f, '>', "$s->{dir}/store/" . (split m{/}, (glob "$s->{dir}/store/*/marks")[0])[-2] . '/marks/all_99_99_0-0123456789abcdef.keys' or die;
	close $f;
	$s->start;
	refused("(0, 'u88888', 1)", 'Key (u)=(u88888) already exists', "found where maps are $how");
	refused("(3, 'y', 1)", 'Key (id)=(3) already exists', "and by the other key");
	is(scalar(grep { /99/ } maps()), 0, 'what belongs to no part is removed');
}
spoil($_) for qw(missing truncated flipped empty);
is($s->psql($state), $rows, 'and nothing has changed');

# deleted rows of parts that go and come
$s->http('CREATE TABLE p (a UInt32, _row_exists UInt8) ENGINE = MergeTree ORDER BY a SETTINGS min_rows_for_compact_part = 0');
$s->http('INSERT INTO p SELECT number, number % 3 != 0 FROM numbers(30000)');
$s->http('CREATE TABLE q (a UInt32) ENGINE = MergeTree ORDER BY a SETTINGS min_rows_for_compact_part = 0');
$s->http('INSERT INTO q SELECT 100000 + number FROM numbers(10)');
$s->http('ALTER TABLE p DETACH PARTITION ID \'all\'');
my ($from) = glob "$s->{dir}/store/*/detached/all_1_1_0";
my ($q) = grep { slurp("$_/columns.txt") !~ /_row_exists|`u`/ } glob "$s->{dir}/store/*/all_1_1_0";
(my $to = $q) =~ s{/[^/]+$}{/detached};
mkdir $to;
rename $from, "$to/all_1_1_0_2" or die "$from: $!";
$s->http("ALTER TABLE q ATTACH PART 'all_1_1_0_2'");
is($s->http('SELECT count(), sum(a) FROM q WHERE a < 100000'), "20000\t300000000", 'an attached part lacks the rows that _row_exists says are deleted');
$s->http('DELETE FROM q WHERE a % 3 = 1');
$s->http("ALTER TABLE q DETACH PARTITION ID 'all'");
is($s->http('SELECT count() FROM q'), '0', 'detached');
$s->http("ALTER TABLE q ATTACH PARTITION ID 'all'");
is($s->http('SELECT count(), sum(a) FROM q WHERE a < 100000'), "10000\t150005000", 'and attached without them');
$s->restart;
is($s->http('SELECT count(), sum(a) FROM q WHERE a < 100000'), "10000\t150005000", 'the same after a start');
unlike($s->log_text, qr/temporary name/, 'each part got its name');
is($s->stop, 0, 'stopped');
done_testing;
