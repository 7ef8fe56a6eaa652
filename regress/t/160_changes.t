# SPDX-License-Identifier: Apache-2.0
# Random inserts, updates and deletes, large and small, committed, rolled back and undone to savepoints, while merges and
# flushes run and the server is killed or restarted: the table is what a hash in this script says. CHANGES_SEED repeats a run.
use strict;
use warnings;
use Hanzo;
use Test::More;
use Time::HiRes qw(time);

my $seed = $ENV{CHANGES_SEED} // int(time * 1000) % 1_000_000_007;
my $rounds = $ENV{CHANGES_ROUNDS} // 5;
note "CHANGES_SEED=$seed";
srand $seed;

my $s = Hanzo->new;
$s->start;
my %tables = (
	plain => 'CREATE TABLE plain (id integer, v integer, w text)',
	keyed => 'CREATE TABLE keyed (id integer PRIMARY KEY, v integer, w text)',
	parted => 'CREATE TABLE parted (id integer, v integer, w text) PARTITION BY id % 3 ORDER BY id',
);
my (%model, %next);
for my $t (sort keys %tables) {
	$s->psql($tables{$t});
	$model{$t} = {};
	$next{$t} = 1;
}

# One statement on a table: its text, and what it does to the model.
sub change {
	my ($t, $m) = @_;
	my $kind = int rand 6;
	if ($kind < 2) {
		my $n = $kind == 0 ? 1 + int rand 5 : (1, 700, 9000, 70000)[int rand 4];
		my $from = $next{$t};
		$next{$t} += $n;
		$m->{$_} = $_ * 2 for $from .. $from + $n - 1;
		return "INSERT INTO $t SELECT n, n * 2, 'w' || n FROM generate_series($from, $from + $n - 1) AS n";
	}
	my $last = $next{$t};
	my $low = 1 + int rand $last;
	my $high = $kind == 5 ? $low + int rand 5 : $low + int rand($last - $low + 1);
	my $step = 1 + int rand 7;
	my @hit = grep { exists $m->{$_} && $_ % $step == 0 } $low .. $high;
	my $where = "WHERE id BETWEEN $low AND $high AND id % $step = 0";
	if ($kind < 4) {
		delete @$m{@hit};
		return "DELETE FROM $t $where";
	}
	$m->{$_} += 1 for @hit;
	return "UPDATE $t SET v = v + 1 $where";
}

sub compare {
	my ($when) = @_;
	for my $t (sort keys %tables) {
		my $m = $model{$t};
		my ($count, $ids, $sum) = (scalar keys %$m, 0, 0);
		($ids, $sum) = ($ids + $_, $sum + $m->{$_}) for keys %$m;
		my $got = $s->psql("SELECT count(*), coalesce(sum(id), 0), coalesce(sum(v), 0), count(DISTINCT id) FROM $t");
		is($got, "$count|$ids|$sum|$count", "$t $when") or BAIL_OUT("CHANGES_SEED=$seed");
		is($s->psql("SELECT count(*) FROM (SELECT 1 FROM $t WHERE w <> 'w' || id) AS wrong"), '0', "$t $when: rows are whole");
	}
}

for my $round (1 .. $rounds) {
	my @pids;
	for my $t (sort keys %tables) {
		next if rand() < 0.4;
		my $pid = fork // die "fork: $!";
		if ($pid == 0) {
			$s->http("OPTIMIZE TABLE default.$t" . (rand() < 0.5 ? ' FINAL' : ''));
			POSIX::_exit(0);
		}
		push @pids, $pid;
	}
	for (1 .. 4) {
		my $t = (sort keys %tables)[int rand 3];
		my $block = rand();
		if ($block < 0.4) {
			$s->psql(change($t, $model{$t}));
			next;
		}
		my %copy = %{ $model{$t} };
		my @statements = ('BEGIN' . (rand() < 0.5 ? ' ISOLATION LEVEL REPEATABLE READ' : ''));
		push @statements, change($t, \%copy) for 0 .. rand 3;
		if (rand() < 0.5) {
			my %undone = %copy;
			push @statements, 'SAVEPOINT s', change($t, \%undone), change($t, \%undone), 'ROLLBACK TO s', change($t, \%copy);
		}
		my $keep = rand() < 0.7;
		push @statements, $keep ? 'COMMIT' : 'ROLLBACK';
		my (undef, $errors) = $s->psql(join '; ', @statements);
		if ($errors =~ /could not serialize/) { # REPEATABLE READ met a merge that folded nothing: never
			fail("no conflict without another writer: $errors");
		}
		diag($errors) if $errors =~ /ERROR/;
		$model{$t} = \%copy if $keep;
	}
	waitpid $_, 0 for @pids;
	compare("in round $round");
	my $end = rand();
	if ($end < 0.3) {
		$s->kill9;
		$s->start;
		compare("after a kill in round $round");
	} elsif ($end < 0.5) {
		$s->restart;
		compare("after a restart in round $round");
	}
}
$s->stop;
done_testing;
