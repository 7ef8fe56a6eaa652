# SPDX-License-Identifier: Apache-2.0
# The HTTP interface: ways to send a statement, parameters, headers, encodings, errors.
use strict;
use warnings;
use Hanzo;
use Test::More;

my $s = Hanzo->new->start;
my ($status, $body, $head);
$s->http('CREATE TABLE t (a UInt32, b String) ENGINE = MergeTree ORDER BY a');

($status, $body) = $s->curl('/?query=SELECT+1');
is("$status $body", "200 1\n", 'GET with the query in the address');
($status, $body) = $s->curl('--data-binary', 'SELECT 2', '/');
is("$status $body", "200 2\n", 'POST with the query in the body');
($status, $body) = $s->curl('--data-binary', "(1,'x'),(2,'y')", '/?query=INSERT+INTO+t+VALUES');
is($status, 200, 'query in the address, data in the body');
($status, $body) = $s->curl('--data-binary', qq({"a":3,"b":"z"}\n), '/?query=INSERT+INTO+t+FORMAT+JSONEachRow');
is($status, 200, 'JSONEachRow in the body');
is($s->http('SELECT count(), max(b) FROM t'), "3\tz", 'all arrived');
($status, $body) = $s->curl('/?query=INSERT+INTO+t+VALUES+(9,%27q%27)');
isnt($status, 200, 'GET does not write');
is($s->http('SELECT {x:UInt8} + 1', param_x => 4), '5', 'a parameter in the address');

# the two curl lines of HIP-0047
$s->http("CREATE TABLE events (team_id UInt64, timestamp DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY team_id");
$s->http("INSERT INTO events VALUES (1, '2026-02-23 12:00:00'), (1, '2026-01-01 00:00:00'), (2, '2026-02-24 00:00:00')");
($status, $body) = $s->curl('/?query=SELECT+count()+FROM+events+WHERE+team_id=1');
is($body, "2\n", 'HIP-0047: simple query');
($status, $body) = $s->curl('/', '--data-urlencode', 'param_team_id=1', '--data-urlencode', 'param_start=2026-02-01',
	'-d', 'query=SELECT count() FROM events WHERE team_id = {team_id:UInt64} AND timestamp >= {start:Date}');
is("$status $body", "200 1\n", 'HIP-0047: parameters in a posted form');
($status, $body) = $s->curl('-F', 'query=SELECT {s:String}', '-F', 'param_s=multi part', '/');
is("$status $body", "200 multi part\n", 'a multipart form');

($status, $body) = $s->curl('-H', 'X-ClickHouse-Format: JSONCompactEachRow', '--data-binary', 'SELECT 1, 2', '/');
is($body, "[1, 2]\n", 'format by header') or diag $body;
($status, $body, $head) = $s->curl('--data-binary', 'SELECT number FROM numbers(3) FORMAT JSONEachRow', '/?query_id=mine');
like($head, qr/^X-ClickHouse-Query-Id: mine\r?$/mi, 'the query id comes back');
like($head, qr/^X-ClickHouse-Format: JSONEachRow\r?$/mi, 'the format is named');
like($head, qr/^X-ClickHouse-Timezone: UTC\r?$/mi, 'the time zone too');
like($head, qr/^X-ClickHouse-Summary: \{.*"read_rows":"\d+".*"elapsed_ns":"\d+".*\}\r?$/mi, 'a summary');

for my $case ([ 'SELEC 1', 62, 400 ], [ 'SELECT * FROM missing', 60, 404 ], [ 'SELECT nothing', 47, 404 ], [ 'SELECT nosuch(1)', 46, 404 ]) {
	($status, $body, $head) = $s->curl('--data-binary', $case->[0], '/');
	is($status, $case->[2], "$case->[0]: status");
	like($body, qr/^Code: $case->[1]\. DB::Exception: .*\([A-Z_]+\)/s, 'the error in its form');
	like($head, qr/^X-ClickHouse-Exception-Code: $case->[1]\r?$/mi, 'and in a header');
}

for my $encoding (qw(gzip deflate br zstd)) {
	($status, $body, $head) = $s->curl('-H', "Accept-Encoding: $encoding", '--data-binary', 'SELECT repeat(toString(number), 10) FROM numbers(1000)', '/?enable_http_compression=1');
	like($head, qr/^Content-Encoding: $encoding\r?$/mi, "answers in $encoding");
	cmp_ok(length $body, '<', 20000, 'smaller than it was');
}
($status, $body) = $s->curl('--compressed', '--data-binary', 'SELECT sum(number) FROM numbers(10)', '/?enable_http_compression=1');
is($body, "45\n", 'and curl reads it');
my ($zipped) = Hanzo::run_command({ stdin => qq({"a":50,"b":"gz"}\n) }, 'sh', '-c', "gzip -c > '$s->{log}.gz'");
($status, $body) = $s->curl('-H', 'Content-Encoding: gzip', '--data-binary', "\@$s->{log}.gz", '/?query=INSERT+INTO+t+FORMAT+JSONEachRow');
is("$status " . $s->http('SELECT b FROM t WHERE a = 50'), '200 gz', 'a gzipped insert');
($status, $body) = $s->curl('-H', 'Transfer-Encoding: chunked', '--data-binary', "(60,'chunk')", '/?query=INSERT+INTO+t+VALUES');
is($s->http('SELECT b FROM t WHERE a = 60'), 'chunk', 'a chunked insert');

is($s->http('SET max_block_size = 99', session_id => 'one'), '', 'a session');
is($s->http("SELECT getSetting('max_block_size')", session_id => 'one'), '99', 'keeps its settings');
isnt($s->http("SELECT getSetting('max_block_size')", session_id => 'two'), '99', 'for itself');
($status, $body) = $s->curl('--data-binary', 'SELECT 1', '/?session_id=never&session_check=1');
like($body, qr/Code: 372\b/, 'an unknown session is refused where asked');

($status, $body) = $s->curl('/nosuchpath');
is($status, 404, 'an unknown path');
($status) = $s->curl('-u', 'nosuchuser:x', '--data-binary', 'SELECT 1', '/');
is($status, 403, 'an unknown user');
($status, $body) = $s->curl('-u', 'default:', '--data-binary', 'SELECT currentUser()', '/');
is($body, "default\n", 'Basic');
($status, $body) = $s->curl('-H', 'X-ClickHouse-User: default', '--data-binary', 'SELECT currentUser()', '/?database=system');
is($body, "default\n", 'by header');
($status, $body) = $s->curl('--data-binary', 'SELECT currentDatabase()', '/?database=system');
is($body, "system\n", 'the database');
($status, $body) = $s->curl('--data-binary', 'SELECT number FROM numbers(1000000)', '/');
is(length $body, 6888890, 'a long answer is whole');
($status, $body) = $s->curl('--data-binary', 'SELECT throwIf(number = 3000000) FROM numbers(5000000)', '/?wait_end_of_query=1');
is($status, 500, 'a late error with wait_end_of_query is a status');
is($s->stop, 0, 'clean stop');
done_testing;
