# SPDX-License-Identifier: Apache-2.0
# Histories of concurrent transactions (regress/history/history.h): what several clients see of each other is allowed at
# their level, also while parts merge, and while the server is killed and starts again. HISTORY_SECONDS makes it longer,
# SEED chooses another run; HISTORY_DSN runs the first part against that PostgreSQL.
use strict;
use warnings;
use Hanzo qw(run_command slurp);
use Test::More;
use Time::HiRes qw(time);

my $program = "$ENV{HANZO_BUILD}/regress/history/history";
plan skip_all => "libpq's headers are missing" if !-x $program;
my $seconds = $ENV{HISTORY_SECONDS} // 3;
my $seed = $ENV{SEED} // 1;
$ENV{PGOPTIONS} = '-c client_min_messages=warning';

my ($known, undef, $known_status) = run_command($program, '--selftest');
is($known_status, 0, 'known histories are judged rightly') or diag($known);

my ($server, $dsn) = (undef, $ENV{HISTORY_DSN});
if (!defined $dsn) {
	$server = Hanzo->new->start;
	$dsn = $server->conninfo;
}

# Runs the clients; what is given is called again and again meanwhile.
sub history {
	my ($name, $meanwhile, @args) = @_;
	my $out = ($ENV{HANZO_OUT} // '.') . "/152_history.$$.out";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>', $out;
		open STDERR, '>&', \*STDOUT;
		exec($program, '--conninfo', $dsn, '--seed', $seed, '--save', "$out.history", @args) or POSIX::_exit(127);
	}
	my $start = time;
	my $ended = 0;
	Hanzo::poll_until(sub { $ended = waitpid($pid, POSIX::WNOHANG()) == $pid; $meanwhile->(time - $start) if !$ended && $meanwhile; $ended },
		$seconds * 3 + 120, 'the clients') or kill 'KILL', $pid;
	my $status = $?;
	my $text = slurp($out) // '';
	diag($text) if !$ended || $status;
	my ($line) = $text =~ /^# (\d+ committed.*)$/m;
	is($ended ? $status : 'no end', 0, $name);
	note($line // 'nothing');
	return $text;
}

my $tables = 0;
history('clients, and merges all the while', sub {
	my @names = qw(l0 l1 a0 a1 token reg ev);
	$server->http("OPTIMIZE TABLE $names[$tables++ % @names] FINAL") if $server && shift > 0.3;
}, '--seconds', $seconds);
history('what runs at a lower level than it says is noticed', undef, '--seconds', 2, '--weaken', 'READ COMMITTED');
if ($server) {
	my $kills = 0;
	my $text = history('clients, and a server that is killed', sub {
		my $at = shift;
		return if $at < 1 + $kills * 1.5 || $at > $seconds + 1;
		$server->kill9;
		$server->start;
		$kills++;
	}, '--seconds', $seconds + 2);
	cmp_ok($kills, '>=', 1, "killed $kills times");
	like($text, qr/ \d+ connections/, 'connections were made again');
	is($server->stop, 0, 'clean stop');
}
done_testing;
