# SPDX-License-Identifier: Apache-2.0
# What was acknowledged survives kill -9, whenever it comes; what was not is there whole or not at all.
use strict;
use warnings;
use Hanzo qw(poll_until);
use Test::More;

my $s = Hanzo->new->start;
$s->http('CREATE TABLE t (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY (batch, n)');
my $acknowledged = 0;
for my $round (1 .. 4) {
	my $writer = fork;
	if (!$writer) {
		my $b = $acknowledged;
		open my $log, '>>', "$s->{log}.acks" or die;
		$log->autoflush(1);
		while (1) {
			my ($status) = $s->http('INSERT INTO t SELECT ' . ($b + 1) . ', number FROM numbers(1000)');
			POSIX::_exit(0) if $status != 200;
			$b++;
			print $log "$b\n";
		}
	}
	my $acks = sub { my @l = split /\n/, Hanzo::slurp("$s->{log}.acks") // ''; $l[-1] // 0 };
	poll_until(sub { $acks->() >= $acknowledged + 5 + $round * 3 }, 30, 'inserts');
	$s->kill9;
	waitpid $writer, 0;
	$acknowledged = $acks->();
	$s->start;
	my $got = $s->http('SELECT count(), countIf(c != 1000), min(batch), max(batch) FROM (SELECT batch, count() AS c FROM t GROUP BY batch)');
	my ($batches, $torn, $min, $max) = split /\t/, $got;
	cmp_ok($batches, '>=', $acknowledged, "round $round: every acknowledged batch is there ($acknowledged)");
	is($torn, 0, 'no batch is torn');
	is($batches, $max, 'none is missing between');
	$acknowledged = $max;
}
$s->http('CREATE TABLE u (a UInt8) ENGINE = MergeTree ORDER BY a');
$s->http('ALTER TABLE t ADD COLUMN x UInt8 DEFAULT 5');
$s->kill9;
$s->start;
is($s->http('SELECT count() FROM u'), '0', 'an acknowledged CREATE survives');
is($s->http('SELECT sum(x) = count() * 5 FROM t'), '1', 'an acknowledged ALTER survives');
is($s->stop, 0, 'clean stop');
done_testing;
