# SPDX-License-Identifier: Apache-2.0
# What does not fit in memory goes to disk: the answers are the same, memory limits hold, and no file stays behind,
# whether a query ends, fails or is cancelled.
use strict;
use warnings;
use File::Path qw(make_path);
use Hanzo qw(poll_until run_command sanitized slurp);
use Test::More;

sub files { my ($s) = @_; opendir my $d, "$s->{dir}/tmp" or return 'no directory'; return join ' ', grep { !/^\.\.?$/ } readdir $d }
sub event { my ($s, $name) = @_; return $s->http("SELECT sum(value) FROM system.events WHERE event = '$name'") }

# The SQL cases once more, where everything that can goes to disk after every batch.
{
	my $s = Hanzo->new;
	make_path("$s->{dir}.conf");
	open my $f, '>', "$s->{dir}.conf/config.xml" or die;
	print $f '<clickhouse><profiles><default>', (map { "<max_bytes_before_external_$_>1</max_bytes_before_external_$_>" }
		qw(group_by sort join)), '</default></profiles></clickhouse>';
	close $f;
	$s = Hanzo->new(args => ['--config', "$s->{dir}.conf/config.xml"])->start;
	my ($out) = run_command("$ENV{HANZO_BUILD}/regress/runner/regress", '--srcdir', "$ENV{HANZO_SRC}/regress", '--outdir',
		"$ENV{HANZO_OUT}/spilled.$$", '--pg', $s->conninfo =~ s/ ?dbname=\S+//r, '--http', "127.0.0.1:$s->{http}", '--seconds', 60,
		'agg/', 'query/');
	my @failed = grep { /^not ok/ && !/# todo/i } split /\n/, $out;
	cmp_ok(scalar(() = $out =~ /^ok/mg), '>', 50, 'the cases ran');
	is(join("\n", @failed), '', 'all answers are what they are in memory');
	for (qw(ExternalAggregationWritePart ExternalSortWritePart ExternalJoinWritePart)) {
		cmp_ok(event($s, $_), '>', 0, "$_ was counted");
	}
	is($s->http("SELECT sum(value) FROM system.metrics WHERE metric LIKE '%Temporary%'"), 0, 'no temporary file is open');
	is(files($s), '', 'none is there');
	is($s->stop, 0, 'clean stop');
}

my $s = Hanzo->new->start;
my %query = (
	group_by => 'SELECT count(), sum(c), sum(s), sum(length(g)), max(m) FROM (SELECT number % 60000 AS k, toString(number % 7) AS t, '
		. 'count() AS c, sum(number) AS s, groupArray(number) AS g, max(toString(number)) AS m FROM numbers(150000) GROUP BY k, t)',
	sort => 'SELECT cityHash64(groupArray((x, y, z))) FROM (SELECT number * 7919 % 100003 AS x, toString(number % 101) AS y, '
		. 'if(number % 3 = 0, NULL, number) AS z FROM numbers(100000) ORDER BY y, x DESC LIMIT 90000 WITH TIES)',
	join => join(' UNION ALL ', map { "SELECT count(), sum(a), sum(b), sum(length(s)) FROM (SELECT number % 5021 AS k, number AS a "
		. "FROM numbers(15000)) x $_ JOIN (SELECT if(number % 9 = 0, NULL, number * 3 % 7001) AS k, number AS b, toString(number) AS s "
		. 'FROM numbers(10000)) y ON x.k = y.k' } qw(INNER LEFT RIGHT FULL), 'LEFT SEMI', 'LEFT ANTI', 'RIGHT SEMI', 'RIGHT ANTI')
		. ' ORDER BY ALL',
);
for my $kind (sort keys %query) {
	my $plain = $s->http($query{$kind});
	unlike($plain, qr/Code:/, "$kind in memory");
	is($s->http("$query{$kind} SETTINGS max_bytes_before_external_$kind = $_, max_threads = 2"), $plain, "$kind past $_ bytes")
		for 1, 300000;
}
is($s->psql("SET work_mem = '64kB'; SELECT count(*), sum(c) FROM (SELECT x % 50000, count(*) AS c FROM generate_series(1, 100000) g(x)"
	. ' GROUP BY 1) t') =~ /50000\|100000/ ? 'right' : 'wrong', 'right', 'work_mem');

SKIP: {
	skip 'limits of memory do not hold here', 6 if sanitized();
	my $many = 'SELECT count(), sum(c), sum(length(u)) FROM (SELECT number % 1000000 AS k, count() AS c, toString(max(number)) AS u '
		. 'FROM numbers(1000000) GROUP BY k) SETTINGS max_memory_usage = 30000000';
	like($s->http("$many, max_bytes_ratio_before_external_group_by = 0"), qr/^Code: 241\b/, 'a query that may not spill fails');
	is($s->http($many), "1000000\t1000000\t5888890", 'one that may does not');
	is($s->http('SELECT sum(n), count() FROM (SELECT number AS n, toString(number) AS s FROM numbers(1000000) ORDER BY s DESC LIMIT '
		. '999999) SETTINGS max_memory_usage = 60000000'), "499999500000\t999999", 'a sort');
	is($s->http('SELECT count(), sum(b) FROM numbers(10000) x RIGHT JOIN (SELECT number AS k, toString(number) AS b0, number AS b FROM '
		. 'numbers(1000000)) y ON x.number = y.k SETTINGS max_memory_usage = 60000000'), "1000000\t499999500000", 'a join');
	my $one = 'SELECT length(groupArray(number)) FROM numbers(20000000) GROUP BY number * 0 SETTINGS max_memory_usage = 30000000';
	like($s->http($one), qr/^Code: 241\b/, 'what cannot be divided says so');
	is(files($s), '', 'no file is there');
}

my $disk = 'SELECT count() FROM (SELECT number AS k FROM numbers(300000) GROUP BY k) SETTINGS max_bytes_before_external_group_by = 1, ';
like($s->http("${disk}max_temporary_data_on_disk_size_for_query = 10000"), qr/^Code: 396\b.*temporary files/, 'limit of a query');
like($s->http("${disk}max_temporary_data_on_disk_size_for_user = 10000"), qr/^Code: 396\b/, 'limit of a user');
like($s->http("${disk}min_free_disk_space_for_temporary_data = 1000000000000000"), qr/^Code: 243\b/, 'disk that must stay free');
my (undef, $err) = $s->psql("SET work_mem = '64kB'; SET temp_file_limit = '8kB'; SELECT count(*) FROM (SELECT DISTINCT x, count(*) FROM "
	. 'generate_series(1, 100000) g(x) GROUP BY x) t');
like($err, qr/53400/, 'temp_file_limit');

my $curl = fork // die;
if (!$curl) {
	open STDOUT, '>', "$s->{log}.killed";
	exec 'curl', '-s', '--data-binary', 'SELECT count() FROM (SELECT number AS k, count() FROM numbers(1000000000) GROUP BY k) '
		. 'SETTINGS max_bytes_before_external_group_by = 1000000', "http://127.0.0.1:$s->{http}/?query_id=victim";
}
my $open = sub { $s->http("SELECT value FROM system.metrics WHERE metric = 'TotalTemporaryFiles'") };
ok(poll_until(sub { $open->() > 0 }, 30, 'a temporary file'), 'a query has a temporary file');
is($s->http("SELECT value FROM system.metrics WHERE metric = 'TemporaryFilesForAggregation'"), 1, 'for its aggregation');
$s->http("KILL QUERY WHERE query_id = 'victim' SYNC");
ok(poll_until(sub { waitpid($curl, POSIX::WNOHANG()) == $curl }, 10, 'curl to end'), 'KILL QUERY ends it');
like(slurp("$s->{log}.killed"), qr/Code: 394\b/, 'as killed');
is($open->(), 0, 'the file has gone');

open my $left, '>', "$s->{dir}/tmp" . '/tmp7' or die;
close $left;
$s->restart;
is(files($s), '', 'a start removes what a crash left');
is($s->stop, 0, 'clean stop');
done_testing;
