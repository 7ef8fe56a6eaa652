# SPDX-License-Identifier: Apache-2.0
# Random queries (fuzz/query_gen.py) give the answers that PostgreSQL and ClickHouse give. QUERY_SEED repeats a run,
# QUERY_COUNT makes a longer one; PGORACLE is the conninfo of a PostgreSQL 15, PEERS the folder that libchdb.so is in.
use strict;
use warnings;
use Hanzo qw(poll_until run_command slurp);
use File::Temp qw(tempfile);
use Test::More;

my $seed = $ENV{QUERY_SEED} // int(time) % 1_000_000_007;
my $count = $ENV{QUERY_COUNT} // 1000;
$ENV{QUERY_SECONDS} //= 20 if !$ENV{QUERY_COUNT};
my $pg = $ENV{PGORACLE} // 'host=127.0.0.1 port=25432 user=peer';
my $fuzz = Hanzo::source() . '/regress/fuzz/query_diff.py';
note "QUERY_SEED=$seed";

my $has_pg = (run_command('psql', '-X', '-At', '-d', "$pg dbname=postgres", '-c', 'SHOW server_version_num'))[0] =~ /^15/;
my ($library) = map { chomp; $_ } grep { /\S/ } $ENV{PEERS} ? `find '$ENV{PEERS}/' -name libchdb.so -print -quit` : ();
plan skip_all => 'neither PostgreSQL 15 (PGORACLE) nor the embedded ClickHouse (PEERS) is there' if !$has_pg && !$library;

my $server = Hanzo->new;
$server->start;

# Both answers of whatever differs, as diagnostics.
sub compare {
	my (@args) = @_;
	my $text = (run_command({ timeout => 100_000 }, 'python3', $fuzz, @args, $seed, $count))[0] // '';
	my @lines = split /\n/, $text;
	diag join "\n", "QUERY_SEED=$seed", @lines[0 .. ($#lines < 40 ? $#lines : 40)] if $text !~ /^# \d+ queries, 0 differ/m;
	note $lines[-1] // 'no answer';
	return $text =~ /^# \d+ queries, 0 differ/m;
}

SKIP: {
	skip 'no PostgreSQL 15 at PGORACLE', 1 if !$has_pg;
	ok(compare('pg', "$pg dbname=postgres", $server->conninfo), 'as PostgreSQL answers');
}
SKIP: {
	skip 'PEERS names no folder with libchdb.so', 1 if !$library;
	skip 'ClickHouse is asked by make check-queries', 1 if !$ENV{QUERY_COUNT};
	my ($handle, $port_file) = tempfile(UNLINK => 1);
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		exec 'python3', Hanzo::source() . '/regress/oracle/ch_http.py', $library, $port_file or POSIX::_exit(127);
	}
	my $port = poll_until(sub { my $p = slurp($port_file); $p =~ /(\d+)/ ? $1 : 0 }, 60, 'the embedded ClickHouse');
	ok(compare('ch', "http://127.0.0.1:$port", 'http://127.0.0.1:' . $server->http_port), 'as ClickHouse answers');
	kill 'TERM', $pid;
	waitpid $pid, 0;
}
ok($server->alive, 'the server lives');
is($server->stop, 0, 'clean stop');
done_testing;
