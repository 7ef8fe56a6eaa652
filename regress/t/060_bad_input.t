# SPDX-License-Identifier: Apache-2.0
# Bad input of every kind: a clear error in the protocol's own form, and the server goes on.
use strict;
use warnings;
use Hanzo qw(sanitized);
use Test::More;

my $s = Hanzo->new->start;
my ($status, $body);
$s->http('CREATE TABLE t (a UInt32, b String) ENGINE = MergeTree ORDER BY a');

($status, $body) = $s->curl('--data-binary', qq({"a":1}\n{"a":2}\nthis is not json\n), '/?query=INSERT+INTO+t+FORMAT+JSONEachRow');
isnt($status, 200, 'a line that is not JSON');
like($body, qr/(line|row) 3/i, 'the line is named');
like($body, qr/this is not/, 'and what was read');
is($s->http('SELECT count() FROM t'), '0', 'nothing of the statement is inserted');
($status, $body) = $s->curl('--data-binary', qq({"a":1,"b":"x), '/?query=INSERT+INTO+t+FORMAT+JSONEachRow');
isnt($status, 200, 'a truncated line');
like($s->http('SELECT * FROM tt'), qr/maybe you meant.*\bt\b/i, 'a hint for an unknown table');
like($s->http('SELECT cuont()'), qr/maybe you meant.*count/i, 'a hint for an unknown function');

my $deep = '(' x 10000 . '1' . ')' x 10000;
like($s->http("SELECT $deep"), qr/Code: (306|167|62)\b/, '10,000-deep parentheses');
like($s->http('SELECT ' . '[' x 10000), qr/Code: \d+/, '10,000 open brackets');
like($s->http('SELECT ' . '-' x 3 . "\n" . 'NOT ' x 10000 . '1'), qr/Code: \d+/, '10,000 NOTs');
my (undef, $err) = $s->psql("SELECT $deep", script => 1);
like($err, qr/ERROR:\s+(54001|54000|42601)/, 'over psql too');
like($s->http('SELECT 1' . ' + 1' x 100000), qr/^(100001|Code: \d+)/, '100,000 operators');

SKIP: {
	skip 'a 100 MB statement is slow under a sanitizer', 2 if sanitized();
	open my $f, '>', "$s->{log}.big" or die;
	print $f "SELECT length('", 'x' x 100_000_000, "')";
	close $f;
	($status, $body) = $s->curl('--data-binary', "\@$s->{log}.big", '/');
	like($body, qr/^(100000000\n|Code: \d+)/, 'a 100 MB statement');
	is($s->http('SELECT 1'), '1', 'and the next one');
	unlink "$s->{log}.big";
}

my @garbage = ("\0" x 100, "\xff" x 5000, "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
	"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 'A' x 100000, "\x16\x03\x01\x02\x00\x01\x00", "\0\0\0\x08\x04\xd2\x16\x2f",
	"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "\x7f\xff\xff\xff\0\x03\0\0user\0x\0\0", "\0\0\0\x04\0\x03\0\0", pack('NN', 8, 196608));
for my $port ($s->http_port, $s->pg_port) {
	$s->raw($port, $_, 0.2) for @garbage;
	is($s->http('SELECT 1'), '1', "garbage on port $port does no harm");
}
# a startup, then rubbish instead of messages
my $startup = sub { my $b = pack('N', 196608) . "user\0default\0database\0default\0\0"; pack('N', 4 + length $b) . $b };
for my $rubbish ("Q\0\0\0\x03", "Q\x7f\xff\xff\xff", "\xfe\0\0\0\x04", "Q\0\0\0\x0aSELECT", "B\0\0\0\x05\0", "p\0\0\0\x04", "C\0\0\0\x06Sx", "D\0\0\0\x05Z") {
	$s->raw($s->pg_port, $startup->() . $rubbish, 0.2);
}
is($s->psql('SELECT 1'), '1', 'rubbish messages do no harm');

($status, $body, $err) = $s->psql("COPY t FROM STDIN;\n1\tx\n2\n\\.\n", script => 1);
like($body . $err, qr/22P04/, 'COPY with too few columns');
($status, $body, $err) = $s->psql("COPY t FROM STDIN;\nabc\tx\n\\.\n", script => 1);
like($body . $err, qr/22P02/, 'COPY with a bad number');
is($s->http('SELECT count() FROM t'), '0', 'nothing of them is there');
($status, $body) = $s->curl('--data-binary', "1\tx\ty\n", '/?query=INSERT+INTO+t+FORMAT+TSV');
isnt($status, 200, 'too many columns');
($status, $body) = $s->curl('--data-binary', "99999999999\tx\n", '/?query=INSERT+INTO+t+FORMAT+TSV');
isnt($status, 200, 'a number out of range');
like($body, qr/\ba\b/, 'its column is named');

# a client that goes away in the middle of an insert
my $socket = $s->connect($s->http_port);
syswrite $socket, "POST /?query=INSERT+INTO+t+FORMAT+TSV HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n1\thalf\n";
close $socket;
is($s->http('SELECT count() FROM t'), '0', 'half an insert is no insert');
is($s->stop, 0, 'clean stop');
done_testing;
