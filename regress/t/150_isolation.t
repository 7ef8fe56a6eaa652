# SPDX-License-Identifier: Apache-2.0
# What two or three connections see of each other: waits for rows, lost updates, snapshots, deadlocks, savepoints. Each step is
# [connection, statement, answer]; an answer 'waits' means that it does not come until a later step [connection, undef, answer].
# ISOLATION_DSN runs the same script against that PostgreSQL.
use strict;
use warnings;
use Hanzo;
use IO::Select;
use IPC::Open3;
use Test::More;
use Time::HiRes qw(time);

my ($server, $dsn) = (undef, $ENV{ISOLATION_DSN});
if (!defined $dsn) {
	$server = Hanzo->new;
	$server->start;
	$dsn = $server->conninfo;
}

package Connection;
sub new {
	my ($class, $name) = @_;
	my $pid = IPC::Open3::open3(my $in, my $out, undef, 'psql', '-XqAt', '-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never', $dsn);
	$in->autoflush(1);
	return bless { name => $name, pid => $pid, in => $in, out => $out, text => '', number => 0, select => IO::Select->new($out) }, $class;
}
sub say_to {
	my ($self, $sql) = @_;
	$self->{number}++;
	print { $self->{in} } "$sql;\n\\echo done-$self->{number}\n";
}
# The answer, or undef when it has not come within these seconds: rows joined by spaces, or the error's code.
sub answer {
	my ($self, $seconds) = @_;
	my $end = Time::HiRes::time + $seconds;
	my $mark = "done-$self->{number}\n";
	while (index($self->{text}, $mark) < 0) {
		my $left = $end - Time::HiRes::time;
		return undef if $left <= 0 || !$self->{select}->can_read($left);
		sysread($self->{out}, $self->{text}, 65536, length $self->{text}) or return 'connection lost';
	}
	my $answer = substr $self->{text}, 0, index($self->{text}, $mark);
	$self->{text} = substr $self->{text}, index($self->{text}, $mark) + length $mark;
	return $1 if $answer =~ /(?:ERROR|FATAL):\s+(\w{5}):/;
	$answer =~ s/^(?:NOTICE|WARNING|LOCATION|DETAIL|HINT):.*\n//mg;
	return join ' ', split /\n/, $answer;
}
sub close_it {
	my ($self) = @_;
	close $self->{in};
	close $self->{out};
	waitpid $self->{pid}, 0;
}

package main;
my %connection = map { $_ => Connection->new($_) } qw(a b c);

sub once {
	my ($sql) = @_;
	$connection{a}->say_to($sql);
	return $connection{a}->answer(20);
}

sub story {
	my ($name, @steps) = @_;
	subtest $name => sub {
		once('DROP TABLE IF EXISTS t');
		once('CREATE TABLE t (id integer, v integer)');
		once('INSERT INTO t SELECT n, n * 10 FROM generate_series(1, 5) AS n');
		for my $step (@steps) {
			my ($who, $sql, $want) = @$step;
			my $c = $connection{$who};
			$c->say_to($sql) if defined $sql;
			my $got = $c->answer($want eq 'waits' ? 0.3 : 20) // 'waits';
			is($got, $want, "$who: " . ($sql // 'goes on'));
		}
		once('ROLLBACK');
	};
}

my $rr = 'BEGIN ISOLATION LEVEL REPEATABLE READ';

story('a second writer of a row waits and works on what the first has left',
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = v + 1 WHERE id = 1', ''],
	['b', 'UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v', 'waits'], ['c', 'SELECT v FROM t WHERE id = 1', '10'],
	['c', 'UPDATE t SET v = v + 1 WHERE id = 2 RETURNING v', '21'], ['a', 'COMMIT', ''], ['b', undef, '12'],
	['c', 'SELECT v FROM t WHERE id = 1', '12']);

story('the first rolls back: the second works on the old row',
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = 0 WHERE id = 1', ''], ['b', 'UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v', 'waits'],
	['a', 'ROLLBACK', ''], ['b', undef, '11']);

story('the first deletes: the second finds nothing',
	['a', 'BEGIN', ''], ['a', 'DELETE FROM t WHERE id = 1', ''], ['b', 'UPDATE t SET v = 1 WHERE id = 1 RETURNING v', 'waits'],
	['a', 'COMMIT', ''], ['b', undef, ''], ['c', 'SELECT count(*) FROM t', '4']);

story('read committed sees each commit, not before',
	['a', 'BEGIN', ''], ['a', 'SELECT sum(v) FROM t', '150'], ['b', 'BEGIN', ''], ['b', 'DELETE FROM t WHERE id > 3', ''],
	['a', 'SELECT sum(v) FROM t', '150'], ['b', 'SELECT sum(v) FROM t', '60'], ['b', 'COMMIT', ''],
	['a', 'SELECT sum(v) FROM t', '60'], ['a', 'COMMIT', '']);

story('repeatable read keeps its snapshot and may not change what was changed',
	['a', $rr, ''], ['a', 'SELECT sum(v) FROM t', '150'], ['b', 'UPDATE t SET v = 0 WHERE id = 1', ''],
	['b', 'DELETE FROM t WHERE id = 2', ''], ['b', 'INSERT INTO t VALUES (6, 60)', ''],
	['a', 'SELECT sum(v), count(*) FROM t', '150|5'], ['a', 'UPDATE t SET v = 5 WHERE id = 3 RETURNING v', '5'],
	['a', 'UPDATE t SET v = v + 1 WHERE id = 1', '40001'], ['a', 'SELECT 1', '25P02'], ['a', 'ROLLBACK', ''],
	['a', 'SELECT sum(v), count(*) FROM t', '180|5']);

story('the snapshot comes with the first statement, not with BEGIN',
	['a', $rr, ''], ['a', "SET lock_timeout = 0", ''], ['b', 'UPDATE t SET v = 0 WHERE id = 1', ''], ['a', 'SELECT sum(v) FROM t', '140'],
	['b', 'UPDATE t SET v = 0 WHERE id = 2', ''], ['a', 'SELECT sum(v) FROM t', '140'], ['a', 'COMMIT AND CHAIN', ''],
	['b', 'UPDATE t SET v = 0 WHERE id = 3', ''], ['a', 'SELECT sum(v) FROM t', '90'], ['a', 'COMMIT', '']);

story('repeatable read waits, then fails if the other has committed',
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = 0 WHERE id = 1', ''], ['b', $rr, ''], ['b', 'SELECT count(*) FROM t', '5'],
	['b', 'DELETE FROM t WHERE id = 1', 'waits'], ['a', 'COMMIT', ''], ['b', undef, '40001'], ['b', 'ROLLBACK', '']);

story('repeatable read waits, then goes on if the other has rolled back',
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = 0 WHERE id = 1', ''], ['b', $rr, ''], ['b', 'SELECT count(*) FROM t', '5'],
	['b', 'DELETE FROM t WHERE id = 1', 'waits'], ['a', 'ROLLBACK', ''], ['b', undef, ''], ['b', 'COMMIT', ''],
	['b', 'SELECT count(*) FROM t', '4']);

story('write skew is allowed, as snapshots are not serializable',
	['a', $rr, ''], ['b', $rr, ''], ['a', 'SELECT sum(v) FROM t', '150'], ['b', 'SELECT sum(v) FROM t', '150'],
	['a', 'UPDATE t SET v = 0 WHERE id = 1', ''], ['b', 'UPDATE t SET v = 0 WHERE id = 2', ''], ['a', 'COMMIT', ''], ['b', 'COMMIT', ''],
	['c', 'SELECT sum(v) FROM t', '120']);

# PostgreSQL looks for circles after a second, and ends the one that waits longest
story('a circle of waits ends at once',
	['a', 'BEGIN', ''], ['b', 'BEGIN', ''], ['a', 'UPDATE t SET v = 1 WHERE id = 1', ''], ['b', 'UPDATE t SET v = 2 WHERE id = 2', ''],
	['a', 'UPDATE t SET v = 1 WHERE id = 2 RETURNING v', 'waits'], ['b', 'UPDATE t SET v = 2 WHERE id = 1', '40P01'],
	['a', undef, '1'], ['b', 'SELECT 1', '25P02'], ['b', 'ROLLBACK', ''], ['a', 'COMMIT', ''],
	['c', 'SELECT v FROM t WHERE id < 3 ORDER BY id', '1 1']) if defined $server;

story('lock_timeout',
	['a', 'BEGIN', ''], ['a', 'DELETE FROM t WHERE id = 1', ''], ['b', "SET lock_timeout = '50ms'", ''], ['b', 'BEGIN', ''],
	['b', 'UPDATE t SET v = 1 WHERE id = 1', '55P03'], ['b', 'ROLLBACK', ''], ['b', 'SET lock_timeout = 0', ''], ['a', 'ROLLBACK', '']);

story('FOR UPDATE holds rows, FOR SHARE shares them',
	['a', 'BEGIN', ''], ['a', 'SELECT v FROM t WHERE id = 1 FOR UPDATE', '10'], ['b', 'SELECT v FROM t WHERE id = 1', '10'],
	['b', 'SELECT v FROM t WHERE id = 1 FOR UPDATE NOWAIT', '55P03'], ['b', 'SELECT v FROM t ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED', '20'],
	['b', 'UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v', 'waits'], ['a', 'UPDATE t SET v = 100 WHERE id = 1', ''], ['a', 'COMMIT', ''],
	['b', undef, '101'], ['a', 'BEGIN', ''], ['b', 'BEGIN', ''], ['a', 'SELECT v FROM t WHERE id = 1 FOR SHARE', '101'],
	['b', 'SELECT v FROM t WHERE id = 1 FOR SHARE', '101'], ['c', 'DELETE FROM t WHERE id = 1 RETURNING id', 'waits'], ['a', 'COMMIT', ''],
	['c', undef, 'waits'], ['b', 'COMMIT', ''], ['c', undef, '1']);

story('FOR UPDATE waits and gives the newest row',
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = 11 WHERE id = 1', ''], ['b', 'SELECT v FROM t WHERE id = 1 FOR UPDATE', 'waits'],
	['a', 'COMMIT', ''], ['b', undef, '11']);

story('a savepoint gives back rows and locks',
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = 1 WHERE id = 1', ''], ['a', 'SAVEPOINT s', ''], ['a', 'UPDATE t SET v = 2 WHERE id = 2', ''],
	['b', 'UPDATE t SET v = v + 1 WHERE id = 2 RETURNING v', 'waits'], ['a', 'ROLLBACK TO s', ''], ['b', undef, '21'],
	['c', 'SELECT v FROM t WHERE id = 1 FOR UPDATE NOWAIT', '55P03'], ['a', 'COMMIT', ''], ['c', 'SELECT v FROM t WHERE id < 3 ORDER BY id', '1 21']);

story('an error inside a savepoint is undone alone',
	['a', 'BEGIN', ''], ['a', 'DELETE FROM t WHERE id = 1', ''], ['a', 'SAVEPOINT s', ''], ['a', 'UPDATE t SET v = 1 / 0 WHERE id = 2', '22012'],
	['a', 'SELECT 1', '25P02'], ['a', 'ROLLBACK TO s', ''], ['a', 'SELECT count(*) FROM t', '4'], ['a', 'COMMIT', ''], ['c', 'SELECT count(*) FROM t', '4']);

story('counters of many increments are exact',
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = v + 1', ''], ['b', 'UPDATE t SET v = v + 1', 'waits'], ['c', 'UPDATE t SET v = v + 1', 'waits'],
	['a', 'COMMIT', ''], ['b', undef, ''], ['c', undef, ''], ['a', 'SELECT sum(v), count(*) FROM t', '165|5']);

my @keyed = (['a', 'DROP TABLE t', ''], ['a', 'CREATE TABLE t (id integer PRIMARY KEY, v integer)', ''],
	['a', 'INSERT INTO t SELECT n, n * 10 FROM generate_series(1, 5) AS n', '']);

story('a key in flight: the second waits for the first, which commits', @keyed,
	['a', 'BEGIN', ''], ['a', 'INSERT INTO t VALUES (6, 1)', ''], ['b', 'INSERT INTO t VALUES (6, 2)', 'waits'],
	['c', 'INSERT INTO t VALUES (7, 3)', ''], ['a', 'COMMIT', ''], ['b', undef, '23505'], ['c', 'SELECT v FROM t WHERE id = 6', '1']);

story('a key in flight: the first rolls back', @keyed,
	['a', 'BEGIN', ''], ['a', 'INSERT INTO t VALUES (6, 1)', ''], ['b', 'INSERT INTO t VALUES (6, 2)', 'waits'], ['a', 'ROLLBACK', ''],
	['b', undef, ''], ['c', 'SELECT v FROM t WHERE id = 6', '2']);

story('a key that a delete in flight would free', @keyed,
	['a', 'BEGIN', ''], ['a', 'DELETE FROM t WHERE id = 1', ''], ['a', 'INSERT INTO t VALUES (1, 100)', ''],
	['b', 'INSERT INTO t VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET v = t.v + 1 RETURNING v', 'waits'], ['a', 'COMMIT', ''],
	['b', undef, '101']);

story('upserts of one key add up', @keyed,
	['a', 'BEGIN', ''], ['a', 'INSERT INTO t VALUES (9, 1) ON CONFLICT (id) DO UPDATE SET v = t.v + 1 RETURNING v', '1'],
	['b', 'INSERT INTO t VALUES (9, 1) ON CONFLICT (id) DO UPDATE SET v = t.v + 1 RETURNING v', 'waits'],
	['c', 'INSERT INTO t VALUES (9, 1) ON CONFLICT DO NOTHING RETURNING v', 'waits'], ['a', 'COMMIT', ''], ['b', undef, '2'], ['c', undef, ''],
	['a', 'SELECT v FROM t WHERE id = 9', '2']);

story('an upsert waits for an update of its row', @keyed,
	['a', 'BEGIN', ''], ['a', 'UPDATE t SET v = 0 WHERE id = 1', ''],
	['b', 'INSERT INTO t VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET v = t.v + excluded.v RETURNING v', 'waits'], ['a', 'COMMIT', ''],
	['b', undef, '5']);

story('a key that a snapshot does not see', @keyed,
	['a', $rr, ''], ['a', 'SELECT count(*) FROM t', '5'], ['b', 'INSERT INTO t VALUES (6, 1)', ''], ['a', 'INSERT INTO t VALUES (6, 2)', '23505'],
	['a', 'ROLLBACK', ''], ['a', $rr, ''], ['a', 'SELECT count(*) FROM t', '6'], ['b', 'INSERT INTO t VALUES (7, 1)', ''],
	['a', 'INSERT INTO t VALUES (7, 2) ON CONFLICT (id) DO UPDATE SET v = 0', '40001'], ['a', 'ROLLBACK', '']);

once('DROP TABLE t');
$_->close_it for values %connection;
$server->stop if defined $server;
done_testing;
