# SPDX-License-Identifier: Apache-2.0
# HIP-0047 end to end: its schema as it stands, late events, its queries over both ports.
use strict;
use warnings;
use Hanzo qw(run_command);
use Test::More;

my $s = Hanzo->new->start;
my $schema = Hanzo::source() . '/sql/hanzo/hip-0047.sql';
for my $round (1, 2) {
	my ($out, $err, $status) = $s->client({ stdin => Hanzo::slurp($schema) }, '--multiquery');
	is($status, 0, "the schema loads, time $round") or diag $err;
}
is($s->http('SELECT count() FROM system.tables WHERE database = currentDatabase()'), '7', 'four tables and three views');

my $insert = sub { my ($st, $b) = $s->curl('--data-binary', $_[0], '/?query=INSERT+INTO+events+FORMAT+JSONEachRow'); is($st, 200, 'events go in') or diag $b };
$insert->(<<'JSON');
{"uuid":"00000000-0000-4000-8000-000000000001","team_id":1,"event":"$pageview","timestamp":"2026-02-23T12:00:00.000Z","distinct_id":"user_42","session_id":"s1","url":"/dashboard","utm_source":"mail","properties":"{\"url\":\"/dashboard\"}"}
{"team_id":1,"event":"signup","timestamp":"2026-02-23T12:10:00.000Z","distinct_id":"user_42","session_id":"s1","url":"/signup"}
{"team_id":1,"event":"onboarding_complete","timestamp":"2026-02-23T12:20:00.500Z","distinct_id":"user_42","session_id":"s1","url":"/welcome"}
{"team_id":1,"event":"signup","timestamp":"2026-02-23T13:00:00.000Z","distinct_id":"user_43","session_id":"s2","url":"/signup"}
{"team_id":1,"event":"$llm_request","timestamp":"2026-02-23T14:00:00.000Z","distinct_id":"user_43","session_id":"s2","organization_id":"org_123","model":"zen-1","provider":"hanzo","tokens_prompt":100,"tokens_completion":50,"cost_usd":0.0125}
JSON
# late events of the same session, hour and day, in another block
$insert->(<<'JSON');
{"team_id":1,"event":"$pageview","timestamp":"2026-02-23T11:59:00.000Z","distinct_id":"user_42","session_id":"s1","url":"/landing","utm_source":"search","country_code":"DE"}
{"team_id":1,"event":"$pageview","timestamp":"2026-02-23T12:30:00.000Z","distinct_id":"user_44","session_id":"s3","url":"/x"}
{"team_id":1,"event":"$llm_request","timestamp":"2026-02-23T15:00:00.000Z","distinct_id":"user_43","session_id":"s2","organization_id":"org_123","model":"zen-1","provider":"hanzo","tokens_prompt":1,"tokens_completion":2,"cost_usd":"0.00000001"}
JSON

for my $merged (0, 1) {
	my $when = $merged ? 'after a merge' : 'before merges';
	is($s->http("SELECT session_start, session_end, duration_seconds, event_count, pageview_count, entry_url, exit_url, initial_utm_source, country_code FROM sessions WHERE session_id = 's1'"),
		"2026-02-23 11:59:00.000\t2026-02-23 12:20:00.500\t1260\t4\t2\t/landing\t/welcome\tsearch\tDE", "a session with a late event, $when");
	is($s->http("SELECT hour, count, unique_users FROM events_hourly WHERE event = '\$pageview' ORDER BY hour"),
		"2026-02-23 11:00:00\t1\t1\n2026-02-23 12:00:00\t2\t2", "hourly counts, $when");
	is($s->http('SELECT organization_id, model, sum(total_prompt_tokens) AS prompt_tokens, sum(total_completion_tokens) AS completion_tokens, sum(total_cost_usd) AS total_cost FROM token_usage_daily WHERE day >= toDate(\'2026-02-01\') GROUP BY organization_id, model ORDER BY total_cost DESC LIMIT 100'),
		"org_123\tzen-1\t101\t52\t0.01250001", "token usage, $when");
	is($s->http('SELECT count() FROM sessions'), '3', "three sessions, $when");
	is($s->psql("SELECT event_count, entry_url FROM sessions WHERE session_id = 's1'"), '4|/landing', "over psql, $when");
	$s->http("OPTIMIZE TABLE $_ FINAL") for qw(events sessions events_hourly token_usage_daily);
}

my $funnel = q{SELECT level, count() AS users FROM (SELECT distinct_id, windowFunnel(86400)(timestamp, event = 'signup', event = 'onboarding_complete', event = 'first_api_call') AS level
	FROM events WHERE team_id = 1 AND timestamp >= '2026-02-01' AND timestamp < '2026-03-01' GROUP BY distinct_id) GROUP BY level ORDER BY level DESC};
is($s->http($funnel), "2\t1\n1\t1\n0\t1", 'the funnel');
is($s->psql(($funnel =~ s/\) GROUP BY level/) AS f GROUP BY level/r)), "2|1\n1|1\n0|1", 'the funnel over psql');
my $retention = q{SELECT cohort_date, period, count(DISTINCT distinct_id) AS retained_users FROM (SELECT distinct_id, toDate(min(timestamp)) AS cohort_date, dateDiff('week', toDate(min(timestamp)), toDate(timestamp)) AS period
	FROM events WHERE team_id = 1 AND event IN ('$pageview', '$screen') AND timestamp >= '2026-01-01' GROUP BY distinct_id, toDate(timestamp)) GROUP BY cohort_date, period ORDER BY cohort_date, period};
is($s->http($retention), "2026-02-23\t0\t2", 'retention');
is($s->http(q{SELECT organization_id, model, sum(tokens_prompt + tokens_completion) AS total_tokens, sum(cost_usd) AS total_cost, count() AS api_calls FROM events
	WHERE event = '$llm_request' AND organization_id = 'org_123' AND timestamp >= '2026-02-01' AND timestamp < '2026-03-01' GROUP BY organization_id, model ORDER BY total_cost DESC}),
	"org_123\tzen-1\t153\t0.01250001\t2", 'the invoice');
is($s->http(q{SELECT hex(country_code), JSONExtractString(properties, 'url') FROM events WHERE uuid = '00000000-0000-4000-8000-000000000001'}), "0000\t/dashboard", 'defaults and properties');
like($s->http('SHOW CREATE TABLE events FORMAT TSVRaw'), qr/TTL timestamp \+ toIntervalMonth\(12\)/, 'the TTL stands');
like($s->http("CREATE TABLE k (a String) ENGINE = Kafka SETTINGS kafka_broker_list = 'k:9092'"), qr/not supported yet/i, 'Kafka is not yet there and says so');
like($s->http("SELECT * FROM postgresql('h:5432', 'd', 't', 'u', 'p')"), qr/not supported yet/i, 'nor is postgresql()');
is($s->http('SELECT count() FROM system.replicas'), '0', 'no replicas');

my ($out, $err, $status) = $s->client({ stdin => Hanzo::slurp(Hanzo::source() . '/sql/hanzo/unified.sql') x 2 }, '--multiquery');
is($status, 0, 'the unified schema loads, twice') or diag $err;
is($s->http("SELECT count() FROM system.tables WHERE database = 'hanzo' AND name NOT LIKE '.inner%'"), '16', 'thirteen tables and three views');
$s->http("INSERT INTO hanzo.website_events (project_id, session_id, event_type, distinct_id, created_at) SELECT '00000000-0000-0000-0000-000000000001', generateUUIDv4(number), 1 + number % 2, toString(number % 3), '2026-01-01 10:00:00' FROM numbers(10)");
is($s->http('SELECT uniqMerge(unique_visitors), countMerge(total_events), sumMerge(pageviews) FROM hanzo.website_events_hourly_mv'), "3\t10\t5", 'its roll-up');
($out, $err, $status) = $s->client({ stdin => Hanzo::slurp(Hanzo::source() . '/sql/hanzo/hip-0047-codecs.sql') }, '--multiquery');
is($status, 0, 'the codec variant loads') or diag $err;
$s->restart;
is($s->http("SELECT event_count FROM sessions WHERE session_id = 's1'"), '4', 'all of it after a restart');
is($s->stop, 0, 'clean stop');
done_testing;
