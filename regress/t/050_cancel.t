# SPDX-License-Identifier: Apache-2.0
# Long statements end when they are told to: cancel request, KILL QUERY, timeout, a client that goes away.
use strict;
use warnings;
use Hanzo qw(poll_until);
use Test::More;
use Time::HiRes qw(time);

my $s = Hanzo->new->start;
my $slow = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)';
my $running = sub { $s->http("SELECT count() FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'") };

my $psql = fork // die;
if (!$psql) {
	open STDOUT, '>', "$s->{log}.cancel"; open STDERR, '>&', \*STDOUT;
	exec 'psql', '-X', '-v', 'VERBOSITY=verbose', $s->conninfo, '-c', $slow;
}
ok(poll_until(sub { $running->() > 0 }, 20, 'the statement to run'), 'a statement runs');
kill 'INT', $psql;
ok(poll_until(sub { waitpid($psql, POSIX::WNOHANG()) == $psql }, 10, 'psql to end'), 'cancel ends it');
like(Hanzo::slurp("$s->{log}.cancel"), qr/57014/, 'as cancelled');

my $curl = fork // die;
if (!$curl) { open STDOUT, '>', "$s->{log}.killed"; exec 'curl', '-s', '--data-binary', $slow, "http://127.0.0.1:$s->{http}/?query_id=victim" }
ok(poll_until(sub { $running->() > 0 }, 20, 'the statement to run'), 'another runs');
like($s->http('SELECT 1', query_id => 'victim'), qr/^Code: 216\b/, 'no second statement has its id');
is($s->http('SELECT 1', query_id => 'other'), '1', 'others have others');
$s->http("KILL QUERY WHERE query_id = 'victim' SYNC");
ok(poll_until(sub { waitpid($curl, POSIX::WNOHANG()) == $curl }, 10, 'curl to end'), 'KILL QUERY ends it');
like(Hanzo::slurp("$s->{log}.killed"), qr/Code: 394\b/, 'as killed');

my $begin = time;
like($s->http("$slow SETTINGS max_execution_time = 0.5"), qr/Code: 159\b/, 'max_execution_time');
cmp_ok(time - $begin, '<', 10, 'in time');
my (undef, $err) = $s->psql("SET statement_timeout = '300ms'; $slow");
like($err, qr/57014/, 'statement_timeout');

my $socket = $s->connect($s->http_port);
syswrite $socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " . length($slow) . "\r\n\r\n$slow";
ok(poll_until(sub { $running->() > 0 }, 20, 'the statement to run'), 'a third runs');
close $socket;
ok(poll_until(sub { $running->() == 0 }, 20, 'the statement to end'), 'a client that goes away takes it along')
	or diag $s->http('SELECT query FROM system.processes');
is($s->http('SELECT 1'), '1', 'the server goes on');
is($s->stop, 0, 'clean stop');
done_testing;
