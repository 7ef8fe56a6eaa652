# SPDX-License-Identifier: Apache-2.0
# A thousand idle connections cost little; the server still answers.
use strict;
use warnings;
use Hanzo qw(sanitized poll_until);
use Test::More;

my $s = Hanzo->new->start;
$s->http('SELECT 1') for 1 .. 5;
my $before = $s->rss_kb;
my $body = pack('N', 196608) . "user\0default\0database\0default\0\0";
my @sockets;
for (1 .. 1000) {
	my $socket = $s->connect($s->pg_port) or last;
	syswrite $socket, pack('N', 4 + length $body) . $body;
	push @sockets, $socket;
}
is(scalar @sockets, 1000, 'a thousand connections');
my $answered = 0;
for (@sockets) {
	my $got = '';
	while ($got !~ /Z\0\0\0\x05I\z/s) { sysread($_, $got, 4096, length $got) or last }
	$answered++ if $got =~ /Z\0\0\0\x05I\z/s;
}
is($answered, 1000, 'each is ready for a query');
SKIP: {
	skip 'memory limits do not hold under a sanitizer', 1 if sanitized();
	ok(poll_until(sub { $s->rss_kb - $before < 50 * 1024 }, 5, 'memory to settle'), 'they add less than 50 MB')
		or diag(($s->rss_kb - $before) . ' KB more');
}
is($s->psql('SELECT 1'), '1', 'and one more works');
close $_ for @sockets;
is($s->stop, 0, 'clean stop');
done_testing;
