# SPDX-License-Identifier: Apache-2.0
# Inserts that make more parts than merges take away become slower, and none fails; a stream of small inserts makes
# hardly a part at all.
use strict;
use warnings;
use Hanzo qw(poll_until);
use Test::More;

my $s = Hanzo->new->start;
sub event { my ($name) = @_; return $s->http("SELECT sum(value) FROM system.events WHERE event = '$name'") }
my $settings = 'min_rows_for_compact_part = 0, parts_to_delay_insert = 1, parts_to_throw_insert = 12, max_delay_to_insert = 1, min_delay_to_insert_ms = 1';
$s->http("CREATE TABLE t (w UInt8, n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS $settings");
my $statements = join ";\n", map { "INSERT INTO t SELECT 1, $_" } 1 .. 6;
my @writers = map {
	my $pid = fork;
	POSIX::_exit(($s->psql("$statements;", script => 1))[2]) if !$pid;
	$pid;
} 1 .. 4;
my ($most, $left) = (0, scalar @writers);
while ($left) {
	my $parts = $s->http("SELECT count() FROM system.parts WHERE active AND table = 't'");
	$most = $parts if $parts > $most;
	my $bad = 0;
	for (@writers) {
		next if !$_ || !waitpid $_, POSIX::WNOHANG();
		is($?, 0, 'a writer has done all its inserts');
		($_, $left) = (0, $left - 1);
	}
}
is($s->http('SELECT count(), sum(n) FROM t'), "24\t84", 'all rows are there');
cmp_ok($most, '<=', 12, 'never more parts than the limit');
cmp_ok(event('DelayedInserts'), '>', 0, 'inserts waited');
is(event('RejectedInserts'), '0', 'none was refused');

$s->http('CREATE TABLE small (n UInt32) ENGINE = MergeTree ORDER BY n');
$s->psql(join("\n", map { "INSERT INTO small VALUES ($_);" } 1 .. 600), script => 1, timeout => 60);
is($s->http('SELECT count(), uniqExact(n) FROM small'), "600\t600", 'single rows');
is($s->http("SELECT count() FROM system.parts WHERE active AND table = 'small'"), '1', 'are one part');
is($s->stop, 0, 'clean stop');
done_testing;
