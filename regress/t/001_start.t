# SPDX-License-Identifier: Apache-2.0
# Start and stop, both ports, one server per directory.
use strict;
use warnings;
use Hanzo qw(run_command sanitized);
use Test::More;

my ($out, $err, $status) = run_command(Hanzo::binary(), '--version');
is($status, 0, '--version succeeds');
like($out, qr/\d+\.\d+\.\d+/, '--version prints a version');
($out, $err, $status) = run_command(Hanzo::binary(), '--help');
is($status, 0, '--help succeeds');
like($out, qr/server.*client/s, '--help names the subcommands');
($out, $err, $status) = run_command(Hanzo::binary(), 'nosuchcommand');
isnt($status, 0, 'an unknown subcommand fails');

my $s = Hanzo->new->start;
is($s->psql('SELECT 1 + 1'), '2', 'psql answers');
is($s->http('SELECT 1 + 1'), '2', 'HTTP answers');
is(($s->curl('/ping'))[1], "Ok.\n", 'ping');
is($s->psql('SHOW server_version_num') =~ /^15\d{4}$/, 1, 'calls itself PostgreSQL 15');
is($s->http('SELECT version()'), '25.8.1.1', 'calls itself 25.8.1.1 over HTTP');

my $second = Hanzo->new(dir => $s->{dir}, seconds => 10);
ok(!$second->try_start, 'a second server on the same directory is refused');
like($second->log_text, qr/\Q$s->{dir}\E|lock|in use|already/i, 'and says why');
is($s->http('SELECT 2'), '2', 'the first one goes on');

SKIP: {
	skip 'memory limits do not hold under a sanitizer', 1 if sanitized();
	cmp_ok($s->rss_kb, '<', 100 * 1024, 'at rest under 100 MB resident');
}
is($s->stop, 0, 'stops with status 0');
ok(!defined $s->connect($s->http_port), 'and is gone');

# port 0 turns a port off; `ready` appears on standard output
my $port = Hanzo::free_port();
my $o = Hanzo->new(args => ['--pg-port', 0]);
$o->start;
is($o->http('SELECT 3'), '3', 'HTTP alone');
ok(!defined $o->connect($o->pg_port), 'no PostgreSQL port');
like($o->log_text, qr/^ready\b/m, 'the line "ready"');
done_testing;
