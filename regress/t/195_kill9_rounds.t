# SPDX-License-Identifier: Apache-2.0
# kill -9, again and again, under writers over both protocols: each acknowledged statement and transaction is there once,
# none is there by half. ROUNDS (environment) makes it longer: `make check-torture` takes 200.
use strict;
use warnings;
use Hanzo qw(poll_until);
use Test::More;

my $rounds = $ENV{ROUNDS} // 4;
my $s = Hanzo->new->start;
$s->http("CREATE TABLE $_ (writer UInt8, batch UInt32, n UInt32) ENGINE = MergeTree PARTITION BY writer ORDER BY (batch, n)") for qw(a b);
my %rows = (1 => 3, 2 => 700, 3 => 40, 4 => 5);    # by writer: rows a batch
my %acknowledged = map { $_ => 0 } keys %rows;

# One statement or transaction; false: it was not acknowledged.
sub http_batch {
	my ($w, $b) = @_;
	my ($status) = $s->http("INSERT INTO a SELECT $w, $b, number FROM numbers($rows{$w})");
	return $status == 200;
}
sub pg_batch {
	my ($w, $b) = @_;
	my $insert = sub { "INSERT INTO $_[0] SELECT $w, $b, n FROM generate_series(0, " . ($rows{$w} - 1) . ') AS g(n);' };
	my (undef, undef, $status) = $s->psql('BEGIN; ' . $insert->('a') . $insert->('b') . ' COMMIT;', script => 1);
	return $status == 0;
}

for my $round (1 .. $rounds) {
	my %pids;
	for my $w (keys %rows) {
		my $pid = fork;
		$pids{$w} = $pid, next if $pid;
		my $b = $acknowledged{$w};
		open my $log, '>>', "$s->{log}.acks$w" or die;
		$log->autoflush(1);
		while (1) {
			$b++;
			POSIX::_exit(0) if !($w % 2 ? http_batch($w, $b) : pg_batch($w, $b));
			print $log "$b\n";
		}
	}
	my $acks = sub { my @l = split /\n/, Hanzo::slurp("$s->{log}.acks$_[0]") // ''; $l[-1] // 0 };
	my %goal = map { $_ => $acks->($_) + 1 + $round % 4 } keys %rows;
	poll_until(sub { !grep { $acks->($_) < $goal{$_} } keys %rows }, 60, 'inserts');
	$s->kill9;
	waitpid $_, 0 for values %pids;
	$s->start;
	my $wrong = '';
	for my $w (sort keys %rows) {
		my $sure = $acks->($w);
		for my $t ($w % 2 ? ('a') : ('a', 'b')) {
			my $got = $s->http("SELECT count(), countIf(c != $rows{$w} OR d != $rows{$w}), max(batch) FROM "
				. "(SELECT batch, count() AS c, uniqExact(n) AS d FROM $t WHERE writer = $w GROUP BY batch)");
			my ($batches, $torn, $max) = split /\t/, $got;
			$wrong .= "writer $w, table $t: $got, acknowledged $sure. " if $torn != 0 || $batches != $max || $max < $sure || $max > $sure + 1;
			$acknowledged{$w} = $max;
		}
		my $both = $w % 2 ? '0' : $s->http("SELECT count() FROM a LEFT ANTI JOIN b USING (writer, batch, n) WHERE writer = $w");
		$wrong .= "writer $w: $both rows in one table only. " if $both ne '0';
	}
	is($wrong, '', "round $round: " . join ', ', map { "writer $_ has $acknowledged{$_} batches" } sort keys %acknowledged);
}
is($s->stop, 0, 'clean stop');
done_testing;
