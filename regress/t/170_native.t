# SPDX-License-Identifier: Apache-2.0
# The native protocol: a driver's everyday work, compressed blocks, bad input.
use strict;
use warnings;
use Hanzo qw(run_command poll_until);
use Test::More;

my $s = Hanzo->new(native => 1)->start;
my $port = $s->native_port;

SKIP: {
	my ($out, undef, $status) = run_command('/usr/bin/python3', '-c', 'import clickhouse_driver');
	skip 'python3-clickhouse-driver is not installed', 1 if $status;
	($out, my $err, $status) = run_command('/usr/bin/python3', "$ENV{HANZO_SRC}/regress/lib/native_client.py", $port);
	ok($1 eq 'ok', $2) while $out =~ /^(ok|not ok) - (.*?) *$/mg;
	is($status, 0, 'the driver came to its end') or diag($err);
}

# ---- by hand: revision 54460, blocks in compressed frames as HTTP's compress=1 makes them ----
sub varuint { my ($v) = @_; my $b = ''; while ($v >= 128) { $b .= chr($v & 127 | 128); $v >>= 7 } return $b . chr $v }
sub text { my ($t) = @_; return varuint(length $t) . $t }
my $hello = varuint(0) . text('test') . varuint(25) . varuint(8) . varuint(54460) . text('default') . text('default') . text('');
my $addendum = text('');

sub query {
	my ($sql, $compressed, %parameters) = @_;
	my $client = chr(1) . text('') . text('') . text('0.0.0.0:0') . ("\0" x 8) . chr(1) . text('') . text('') . text('test') . varuint(25) .
		varuint(8) . varuint(54460) . text('') . varuint(0) . varuint(1) . chr(0) . "\0\0\0";
	my $given = join '', map { text($_) . varuint(2) . text("'$parameters{$_}'") } sort keys %parameters;
	return varuint(1) . text('id') . $client . text('') . text('') . varuint(2) . varuint($compressed) . text($sql) . $given . text('');
}
sub framed {
	my ($sql) = @_;
	my ($status, $bytes) = $s->curl('--data-binary', "$sql FORMAT Native", '/?compress=1&client_protocol_version=54460');
	return $bytes;
}
my $plain_end = varuint(2) . text('') . "\x01\x00\x02\xff\xff\xff\xff\x00\x00\x00";

$s->http('CREATE TABLE c (a UInt64, b String) ENGINE = MergeTree ORDER BY a');
my $answer = $s->raw($port, $hello . $addendum . query('SELECT 1 AS x', 0) . $plain_end, 1);
like($answer, qr/^\0\nClickHouse.*\x01x\x05UInt8/s, 'a hello, an answer');
like($answer, qr/\x05$/, 'up to the end of the stream');
$answer = $s->raw($port, $hello . $addendum . query('SELECT {p:String} AS x', 0, p => "it\\'s") . $plain_end, 1);
like($answer, qr/\x04it's/, 'a parameter');
my $frames = framed('SELECT number AS a, toString(number) AS b FROM numbers(1000)');
# where the query asks for compression, its empty block comes in a frame, too
my (undef, $empty) = $s->curl('--data-binary', "SELECT unhex('010002ffffffff000000') FORMAT RawBLOB", '/?compress=1');
$answer = $s->raw($port, $hello . $addendum . query('INSERT INTO c VALUES', 1) . varuint(2) . text('') . $empty . varuint(2) . text('') . $frames . varuint(2) .
	text('') . $empty, 1);
like($answer, qr/\x05$/, 'compressed data');
is($s->http('SELECT count(), sum(a), sum(length(b)) FROM c'), "1000\t499500\t2890", 'are inserted');
$s->http('TRUNCATE TABLE c');

# ---- bad input ----
my $length = length $hello . $addendum;
my @bad = ("\0" x 100, "\xff" x 5000, "GET / HTTP/1.1\r\n\r\n", $hello . "\xff" x 100, $hello . $addendum . "\x09", $hello . $addendum . varuint(1) . "\xff" x 20,
	$hello . $addendum . query('SELECT 1', 0) . varuint(2) . text('') . "\xff" x 50, $hello . $addendum . query('INSERT INTO c VALUES', 0) . $plain_end . varuint(2) .
		text('') . "\x01\x00\x02\xff\xff\xff\xff\x00" . varuint(1) . varuint(1 << 40), $hello . $addendum . query('INSERT INTO c VALUES', 0) . $plain_end . varuint(2) .
		text('') . "\x01\x00\x02\xff\xff\xff\xff\x00" . varuint(2) . varuint(1 << 29) . text('a') . text('Array(Array(String))') . "\0" . "\xff" x 64,
	$hello . $addendum . query('INSERT INTO c VALUES', 0) . $plain_end . varuint(2) . text('') . "\x01\x00\x02\xff\xff\xff\xff\x00" . varuint(1) . varuint(1) . text('a') . text('Nonsense') .
		"\0", $hello . $addendum . query('INSERT INTO c VALUES', 1) . $plain_end . varuint(2) . text('') . "\0" x 40,
	$hello . $addendum . query('SELECT 1', 0) . varuint(3) . varuint(3) . varuint(4));
$s->raw($port, $_, 0.2) for @bad;
for my $cut (1, 5, $length - 3, $length + 10, $length + 50) {
	$s->raw($port, substr($hello . $addendum . query('SELECT 1', 0) . $plain_end, 0, $cut), 0.05);
}
is($s->http('SELECT count() FROM c'), '0', 'nothing of bad data is inserted');
like($s->raw($port, varuint(0) . text('old') . varuint(1) . varuint(1) . varuint(54058) . text('') x 3, 0.5), qr/older than/, 'a client that is too old is told so');

# one that goes away amid its data leaves nothing behind
$s->raw($port, $hello . $addendum . query('INSERT INTO c VALUES', 0) . $plain_end . varuint(2) . text('') .
	"\x01\x00\x02\xff\xff\xff\xff\x00" . varuint(2) . varuint(1) . text('a') . text('UInt64') . "\0" . pack('Q<', 5) . text('b') . text('String') . "\0" . text('x'), 0.3);
ok(poll_until(sub { $s->http("SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'") eq '0' }, 10, 'the insert to end'), 'and no statement');
is($s->http('SELECT count() FROM c'), '0', 'nothing of it is inserted');
is($s->stop, 0, 'the server stops');
done_testing;
