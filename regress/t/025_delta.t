# SPDX-License-Identifier: Apache-2.0
# Rows of small inserts are in memory and in the log: acknowledged ones are there once after kill -9, together with what
# a materialized view made of them; flushes and changes of the table in between lose none.
use strict;
use warnings;
use Hanzo qw(poll_until);
use IO::Socket::INET;
use Test::More;

my $s = Hanzo->new->start;
$s->http($_) for
	'CREATE TABLE t (w UInt8, n UInt32, s String) ENGINE = MergeTree PARTITION BY n % 3 ORDER BY (w, n)',
	'CREATE TABLE sums (w UInt8, c UInt64) ENGINE = SummingMergeTree ORDER BY w',
	'CREATE MATERIALIZED VIEW mv TO sums AS SELECT w, count() AS c FROM t GROUP BY w';

sub acks { my ($w) = @_; my @l = split /\n/, Hanzo::slurp("$s->{log}.acks$w") // ''; return $l[-1] // 0 }
sub row { my ($w, $n) = @_; return "INSERT INTO t (w, n, s) VALUES ($w, $n, 'the text of row $n')" }

# one row a request
sub http_writer {
	my ($w, $n) = @_;
	my $pid = fork;
	return $pid if $pid;
	open my $log, '>>', "$s->{log}.acks$w" or POSIX::_exit(1);
	$log->autoflush(1);
	local $SIG{PIPE} = 'IGNORE';
	while (1) {
		my $sql = row($w, ++$n);
		my $c = $s->connect($s->http_port) or POSIX::_exit(0);
		syswrite $c, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " . length($sql) . "\r\n\r\n$sql";
		my $answer = do { local $/; <$c> } // '';
		POSIX::_exit(0) if $answer !~ m{^HTTP/1.1 200};
		print $log "$n\n";
	}
}

# one statement after the other
sub psql_writer {
	my ($w, $n) = @_;
	open my $script, '>', "$s->{log}.script$w" or die;
	print $script row($w, $_), ";\n\\echo $_\n" for $n + 1 .. $n + 20000;
	close $script;
	my $pid = fork;
	return $pid if $pid;
	open STDIN, '<', "$s->{log}.script$w";
	open STDOUT, '>>', "$s->{log}.acks$w";
	open STDERR, '>', '/dev/null';
	exec 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $s->conninfo or POSIX::_exit(1);
}

my %done = (1 => 0, 2 => 0);
my %between = (2 => ['OPTIMIZE TABLE t'], 3 => ['ALTER TABLE t ADD COLUMN x UInt8 DEFAULT 7'],
	4 => ["ALTER TABLE t DETACH PARTITION 1", "ALTER TABLE t ATTACH PARTITION 1"]);
for my $round (1 .. 4) {
	my @pids = (http_writer(1, $done{1}), psql_writer(2, $done{2}));
	my $goal = 20 + 7 * $round;
	ok(poll_until(sub { acks(1) >= $done{1} + $goal && acks(2) >= $done{2} + $goal }, 30, 'inserts'), "round $round: inserts");
	is($s->http($_), '', $_) for @{ $between{$round} // [] };
	$s->kill9;
	waitpid $_, 0 for @pids;
	my %acked = map { $_ => acks($_) } 1, 2;
	$s->start;
	for my $w (1, 2) {
		my ($rows, $keys, $max, $texts) = split /\t/,
			$s->http("SELECT count(), uniqExact(n), max(n), countIf(s = concat('the text of row ', toString(n))) FROM t WHERE w = $w");
		cmp_ok($max, '>=', $acked{$w}, "writer $w: all $acked{$w} acknowledged rows are there");
		cmp_ok($max, '<=', $acked{$w} + 1, 'and at most the one that was on its way');
		is($rows, $max, 'none is missing');
		is($keys, $max, 'none is there twice');
		is($texts, $max, 'and whole');
		is($s->http("SELECT sum(c) FROM sums WHERE w = $w"), $rows, 'the view has as many');
		$done{$w} = $max;
		open my $log, '>>', "$s->{log}.acks$w" or die;
		print $log "$max\n";
	}
}
is($s->http('SELECT sum(x) = 7 * count() FROM t'), '1', 'a column added over rows in memory');
isnt($s->http("SELECT count() FROM system.parts WHERE active AND part_type = 'InMemory'"), '0', 'rows are in memory');
my $sum = $s->http('SELECT count(), sum(n), sum(cityHash64(s)) FROM t');
$s->restart;
is($s->http("SELECT count() FROM system.parts WHERE active AND part_type = 'InMemory'"), '0', 'a clean stop flushes them');
is($s->http('SELECT count(), sum(n), sum(cityHash64(s)) FROM t'), $sum, 'all of them');
$s->http('INSERT INTO t (w, n) VALUES (3, 1)', async_insert => 1, wait_for_async_insert => 0);
is($s->http('SELECT count() FROM t WHERE w = 3'), '1', 'an insert that does not wait is visible at once');

# the answer to an insert is lost: it is sent again, to the server that comes up
my %token = (insert_deduplication_token => 'a token');
$s->http('INSERT INTO t (w, n) VALUES (4, 1), (4, 2)', %token);
$s->kill9;
$s->start;
for my $again ('after kill -9', 'after a clean stop') {
	is($s->http('INSERT INTO t (w, n) VALUES (4, 1), (4, 2)', %token), '', "the same token $again");
	is($s->http('SELECT count() FROM t WHERE w = 4'), '2', 'brings nothing new');
	is($s->http('SELECT sum(c) FROM sums WHERE w = 4'), '2', 'nor in the view');
	$s->restart;
}
my @same = map { my $pid = fork; POSIX::_exit(!defined $s->psql("SET insert_deduplication_token = 'b'; INSERT INTO t (w, n) VALUES (5, 1)")) if !$pid; $pid } 1 .. 6;
waitpid $_, 0 for @same;
is($s->http('SELECT count() FROM t WHERE w = 5'), '1', 'of six at once one has it');
is($s->stop, 0, 'clean stop');
done_testing;
