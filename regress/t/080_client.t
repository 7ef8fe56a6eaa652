# SPDX-License-Identifier: Apache-2.0
# The command line client and the embedded engine.
use strict;
use warnings;
use Hanzo qw(run_command);
use Test::More;

my $s = Hanzo->new->start;
my ($out, $err, $status) = $s->client('-q', 'SELECT 1, 2');
is("$status $out", "0 1\t2", '-q');
($out, $err, $status) = $s->client({ stdin => "CREATE TABLE t (a UInt8) ENGINE = Memory;\nINSERT INTO t VALUES (1), (2);\nSELECT sum(a) FROM t;\n" });
is("$status $out", '0 3', 'statements from standard input');
($out, $err, $status) = $s->client('-q', 'SELECT 1; SELECT 2', '--multiquery');
is($out, "1\n2", 'several statements');
($out, $err, $status) = $s->client('--format', 'JSONEachRow', '-q', 'SELECT 1 AS a');
is($out, '{"a":1}', '--format');
($out, $err, $status) = $s->client('-q', 'SELECT nothing');
isnt($status, 0, 'an error is a status');
like($err, qr/Code: 47\b/, 'and a message on standard error');
($out, $err, $status) = $s->client({ stdin => "5\n6\n" }, '-q', 'INSERT INTO t FORMAT TSV');
is($s->http('SELECT sum(a) FROM t'), '14', 'data from standard input') or diag $err;
($out, $err, $status) = $s->client('-d', 'system', '-q', 'SELECT currentDatabase()');
is($out, 'system', '-d');
($out, $err, $status) = $s->client('-u', 'nosuch', '--password', 'x', '-q', 'SELECT 1');
isnt($status, 0, 'a wrong user');
$s->stop;
($out, $err, $status) = $s->client('-q', 'SELECT 1');
isnt($status, 0, 'no server');

($out, $err, $status) = run_command(Hanzo::binary(), 'local', '-q', 'SELECT sum(number) FROM numbers(10)');
is("$status $out", '0 45', 'local') or diag $err;
($out, $err, $status) = run_command(Hanzo::binary(), 'local', '--path', $s->{dir}, '-q', 'SELECT 5');
is($out, '5', 'local on a directory') or diag $err;
done_testing;
