# SPDX-License-Identifier: Apache-2.0
# Sessions over HTTP and of the client: temporary tables, USE, settings; names as parameters; late errors; external counters.
use strict;
use warnings;
use Hanzo;
use Test::More;

my $s = Hanzo->new->start;
my ($status, $body, $head);
$s->http('CREATE TEMPORARY TABLE tt (a UInt8)', session_id => 'one');
$s->http('INSERT INTO tt VALUES (7)', session_id => 'one');
is($s->http('SELECT a FROM tt', session_id => 'one'), '7', 'a temporary table lives in its session');
like($s->http('SELECT a FROM tt', session_id => 'two'), qr/Code: 60\b/, 'and nowhere else');
like($s->http('SELECT a FROM tt'), qr/Code: 60\b/, 'not without a session');
$s->http('CREATE DATABASE other');
$s->http('USE other', session_id => 'one');
is($s->http('SELECT currentDatabase()', session_id => 'one'), 'other', 'USE holds');
is($s->http('SELECT currentDatabase()', session_id => 'one', database => 'system'), 'system', 'the address names another');
is($s->http("SELECT value FROM system.settings WHERE name = 'max_result_rows'", session_id => 'one', max_result_rows => 77), '77', 'a setting of the address');
is($s->http("SELECT value FROM system.settings WHERE name = 'max_result_rows'", session_id => 'one'), '0', 'holds for one request');
$s->http('SET max_result_rows = 78', session_id => 'one');
is($s->http("SELECT value FROM system.settings WHERE name = 'max_result_rows'", session_id => 'one'), '78', 'SET holds');
$s->http('SET max_result_rows = 0', session_id => 'one');
$s->http('CREATE TABLE t (id UInt8, name String) ENGINE = Memory');
$s->http("INSERT INTO {t:Identifier} VALUES (1, 'x')", param_t => 't');
is($s->http('SELECT {c:Identifier} FROM {t:Identifier} WHERE {c:Identifier} = 1', param_t => 't', param_c => 'id'), '1', 'names as parameters');
is($s->http('SELECT {c:Identifier} FROM t FORMAT JSONEachRow', param_c => 'name'), '{"name":"x"}', 'and what the column is called');
like($s->http('SELECT {c:Identifier} FROM t'), qr/Code: 456\b/, 'one that is not set');

($status, $body, $head) = $s->curl('--data-binary', 'SELECT number, throwIf(number = 1500000) FROM numbers(2000000)', '/?max_threads=1');
is($status, 200, 'an error behind the first rows cannot change the status');
my ($tag) = $head =~ /^X-ClickHouse-Exception-Tag: ([a-z]{16})\r?$/mi;
my ($said, $size) = $body =~ /\r\n__exception__\r\n$tag\r\n(Code: 395\..*\n)(\d+) $tag\r\n__exception__\r\n\z/s;
is($size, length($said // ''), 'so it stands in a block that the tag marks');
($status, $body, $head) = $s->curl('--data-binary', 'SELECT sum(sipHash64(number)) FROM numbers(50000000)',
	'/?send_progress_in_http_headers=1&http_headers_progress_interval_ms=50');
like($head, qr/^X-ClickHouse-Progress: \{"read_rows":"\d+"/m, 'progress while it runs');
($status, $body, $head) = $s->curl('--data-binary', 'SELECT throwIf(number = 49000000) FROM numbers(50000000) FORMAT Null',
	'/?send_progress_in_http_headers=1&http_headers_progress_interval_ms=50');
like($head, qr/^X-ClickHouse-Exception-Code: 395\r?$/m, 'an error behind progress has its header');

($status, $body) = $s->curl('-F', "ext=1,x\n2,y\n", '-F', 'ext_format=CSV', '/?ext_structure=a+UInt8,b+String&query=SELECT+sum(a),max(b)+FROM+ext');
is($body, "3\ty\n", 'external data of a form');
($status, $body) = $s->curl('-F', "e=7\tq\n", '-F', 'e_types=UInt8,String', '-F', 'query=SELECT _1, _2 FROM e', '/');
is($body, "7\tq\n", 'by types alone');
like($s->http('SELECT count() FROM ext'), qr/Code: 60\b/, 'for that statement only');
($status, $body, $head) = $s->curl('-X', 'OPTIONS', '-H', 'Origin: http://x', '/');
like($head, qr/^Access-Control-Allow-Methods: .*POST/mi, 'browsers may ask');

my ($out, $err) = $s->client({ stdin => "SET max_block_size = 88;\nCREATE TEMPORARY TABLE x (a UInt8, b String);\nINSERT INTO x FORMAT CSV\n1,\"p;q\"\n\nINSERT INTO x VALUES (2, 'r;s');\n"
	. "SELECT getSetting('max_block_size'), groupArray(b) FROM (SELECT * FROM x ORDER BY a);\nUSE other;\nSELECT currentDatabase();\n" });
is($out, "88\t['p;q','r;s']\nother", 'a script of the client is one session') or diag $err;
($out, $err) = $s->client('--param_a=5', '--max_block_size=77', '-q', "SELECT {a:UInt8}, getSetting('max_block_size')");
is($out, "5\t77", 'parameters and settings as options') or diag $err;
my $status2;
($out, $err, $status2) = $s->client('--max_threads', 1, '-q', 'SELECT number, throwIf(number = 1500000) FROM numbers(2000000)');
isnt($status2, 0, 'a late error is a status of the client');
like($err, qr/^Code: 395\b/m, 'and said on standard error');
unlike($out, qr/__exception__/, 'not among the rows');
($out, $err, $status2) = $s->client('--ignore-error', '-q', 'SELECT nosuch; SELECT 2');
is($out, '2', '--ignore-error goes on');

is($s->http("SELECT value > 0 FROM system.events WHERE event = 'FailedQuery'"), '1', 'events count');
is($s->http('SELECT value > 0, last_error_message != \'\' FROM system.errors WHERE code = 395'), "1\t1", 'errors count');
is($s->http("SELECT value FROM system.metrics WHERE metric = 'Query'"), '1', 'metrics are of now');
is($s->stop, 0, 'clean stop');
done_testing;
