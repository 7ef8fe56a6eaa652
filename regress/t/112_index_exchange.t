# SPDX-License-Identifier: Apache-2.0
# Skip indexes travel with their parts: of a part of ours the embedded ClickHouse reads as few granules as of its own, and of
# its part we read as few as of ours.
use strict;
use warnings;
use File::Basename qw(basename);
use File::Find;
use File::Path qw(make_path remove_tree);
use Hanzo qw(run_command);
use Test::More;

my $lib;
for my $dir (grep { defined && -d } $ENV{PEERS}, "$ENV{HANZO_BUILD}/bench-work/peers") {
	find({ no_chdir => 1, wanted => sub { $lib //= $_ if m{/libchdb\.so$} } }, $dir);
}
plan skip_all => 'the embedded ClickHouse is not installed (bench/peers/install.sh)' if !$lib;

sub chdb {
	my ($dir, @statements) = @_;
	my ($out, $err, $status) = run_command({ stdin => join('', map { "$_;\n" } @statements), timeout => 120 },
		'python3', Hanzo::source() . '/regress/oracle/ch_sql.py', $lib, $dir);
	diag($err) if $status;
	return $out;
}

# column => kind of index => what is asked of it
my @cases = (
	[ 's', 'set(0)', "s = 'Word 777 x'" ], [ 's', 'set(0)', "s IN ('Word 1 x', 'Word 5000 x')" ], [ 's', 'bloom_filter(0.001)', "s = 'Word 4321 x'" ],
	[ 's', 'tokenbf_v1(512, 3, 7)', "hasToken(s, '4321')" ], [ 's', 'tokenbf_v1(512, 3, 7)', "s LIKE '% 4321 %'" ], [ 's', 'ngrambf_v1(4, 2048, 3, 7)', "s LIKE '%4321%'" ],
	[ 'i', 'bloom_filter(0.001)', 'i = -4321' ], [ 'i', 'set(0)', 'i IN (-1, -9999)' ], [ 'i', 'minmax', 'i BETWEEN -700 AND -600' ],
	[ 'lc', 'set(0)', "lc = 'l7'" ], [ 'lc', 'bloom_filter(0.001)', "lc = 'l7'" ], [ 'n', 'set(0)', 'n = 4321' ], [ 'n', 'bloom_filter(0.001)', 'n = 4321' ],
	[ 'a', 'bloom_filter(0.001)', "has(a, 'e4321')" ], [ 'a', 'bloom_filter(0.001)', "hasAny(a, ['e1', 'e9999'])" ], [ 'mapKeys(m)', 'bloom_filter(0.001)', "m['k9'] = 'x'" ],
	[ 'mapKeys(m)', 'bloom_filter(0.001)', "mapContains(m, 'k9')" ], [ 'f', 'bloom_filter(0.001)', 'f = 2160.5' ], [ 'd', 'set(0)', "d = '2004-05-06'" ], [ 'u', 'bloom_filter(0.001)', "u = '00000000-0000-0000-0000-000000004321'" ],
	[ 't', 'bloom_filter(0.001)', "t = toDateTime64(432.1, 3, 'UTC')" ], [ 'h', 'bloom_filter(0.001)', "h = toInt128('4321000000000000000000000')" ], [ 'b', 'set(2)', 'b = 1' ], [ 'lower(s)', 'set(0)', "lower(s) = 'word 777 x'" ],
	[ '(i, lc)', 'set(0)', "i = -777 AND lc = 'l0'" ], [ 'ip', 'bloom_filter(0.001)', "ip = '2001:db8::4321'" ], [ 'fs', 'ngrambf_v1(3, 1024, 2, 0)', "fs = '4321'" ],
);
my @kinds;
my %seen;
for my $c (@cases) { push @kinds, [ @$c[0, 1] ] if !$seen{"$c->[0] $c->[1]"}++ }
my $indexes = join ', ', map { "INDEX x$_ $kinds[$_][0] TYPE $kinds[$_][1] GRANULARITY " . ($_ % 2 + 1) } 0 .. $#kinds;
my $columns = "k UInt32, s String, i Int32, lc LowCardinality(String), n Nullable(UInt64), a Array(String), m Map(String, String), f Float32, d Date, u UUID, t DateTime64(3, 'UTC'), h Int128, b Bool, ip IPv6, fs FixedString(6), $indexes";
my $rows = "SELECT number, 'Word ' || toString(number) || ' x', -toInt32(number), 'l' || toString(intDiv(number, 100)), if(number % 7, number, NULL), ['e' || toString(number), 'all'], map('k' || toString(intDiv(number, 500)), 'x'), number / 2, toDate(number), toUUID('00000000-0000-0000-0000-' || leftPad(toString(number), 12, '0')), toDateTime64(number / 10, 3, 'UTC'), toInt128(number) * toInt128('1000000000000000000000'), number >= 9000, toIPv6('2001:db8::' || toString(number)), toString(number) FROM numbers(10000) ORDER BY number";

my $s = Hanzo->new->start;
my $ch_dir = "$s->{log}.ch";
remove_tree($ch_dir);
for my $layout ([ 'wide', 'min_bytes_for_wide_part = 0' ], [ 'compact', 'min_bytes_for_wide_part = 1000000000' ]) {
	my ($name, $setting) = @$layout;
	my $create = "CREATE TABLE %s_$name ($columns) ENGINE = MergeTree ORDER BY k SETTINGS index_granularity = 100, $setting";
	chdb($ch_dir, (map { sprintf $create, $_ } 'own', 'ours'), "INSERT INTO own_$name $rows");
	my %path = map { split /\t/ } split /\n/, chdb($ch_dir, 'SELECT name, data_paths[1] FROM system.tables WHERE database = currentDatabase()');
	like($s->http(sprintf $create, $_), qr/^$/, "$name: table $_") for 'own', 'theirs';
	like($s->http("INSERT INTO own_$name $rows"), qr/^$/, 'filled');
	$s->http("OPTIMIZE TABLE own_$name"); # out of memory, into a directory
	my $part = $s->http("SELECT path FROM system.parts WHERE active AND table = 'own_$name'") =~ s{/?\n?$}{}r;
	make_path("$path{\"ours_$name\"}/detached");
	run_command('cp', '-r', $part, "$path{\"ours_$name\"}/detached/" . basename($part));
	chdb($ch_dir, "ALTER TABLE ours_$name ATTACH PART '" . basename($part) . "'");
	my $theirs = chdb($ch_dir, "SELECT path FROM system.parts WHERE active AND table = 'own_$name'") =~ s{/?\n?$}{}r;
	my $data = $s->http("SELECT data_paths[1] FROM system.tables WHERE name = 'theirs_$name'") =~ s{/?\n?$}{}r;
	make_path("$data/detached");
	run_command('cp', '-r', $theirs, "$data/detached/" . basename($theirs));
	like($s->http("ALTER TABLE theirs_$name ATTACH PART '" . basename($theirs) . "'"), qr/^$/, 'a part of ClickHouse attaches');
	is(chdb($ch_dir, "CHECK TABLE ours_$name SETTINGS check_query_single_value_result = 1"), '1', 'ours passes its check there');

	my @questions = map { my $t = $_; map { "SELECT count() FROM ${t}_$name WHERE $_->[2] SETTINGS optimize_use_implicit_projections = 0" } @cases } 'own', 'ours';
	my @plans = split /^==\n/m, chdb($ch_dir, map { ("SELECT '=='", "EXPLAIN indexes = 1 $_", $_) } @questions);
	shift @plans;
	for my $i (0 .. $#cases) {
		my ($own, $ours) = map { join ' ', /(Granules: \S+|^\d+$)/gm } @plans[ $i, $i + @cases ];
		is($ours, $own, "$name: ClickHouse uses our $cases[$i][1] of $cases[$i][0]: $cases[$i][2]");
		my ($mine, $from_them) = map { my $j = $s->http("SELECT count() FROM ${_}_$name WHERE $cases[$i][2] FORMAT JSON"); join ' rows of ', $j =~ /"count\(\)": "?(\d+)/, $j =~ /"rows_read": (\d+)/ } 'own', 'theirs';
		is($from_them, $mine, 'we use its');
		my ($kept) = $own =~ m{.*Granules: (\d+)/}s;
		my ($read) = $mine =~ /of (\d+)/;
		cmp_ok($read, '<=', $kept * 100, "we read no more than it does: $mine");
	}
}

# an index that comes later has nothing of the parts that are there until it is materialized
my $asked = 'SELECT count() FROM own_wide WHERE cityHash64(k) = cityHash64(toUInt32(777)) FORMAT JSON';
my $rows_read = sub { $s->http($asked) =~ /"rows_read": (\d+)/ ? $1 : -1 };
like($s->http('ALTER TABLE own_wide ADD INDEX later cityHash64(k) TYPE bloom_filter(0.001) GRANULARITY 1'), qr/^$/, 'one more index');
is($rows_read->(), 10000, 'all rows are read');
like($s->http('ALTER TABLE own_wide MATERIALIZE INDEX later'), qr/^$/, 'it is materialized');
cmp_ok($rows_read->(), '<=', 300, 'then few are');

# the files of text indexes differ: each side reads the rows and leaves the other's index alone
my $text = "(k UInt32, s String, a Array(String), INDEX xs s TYPE text(tokenizer = splitByNonAlpha), INDEX xa a TYPE text(tokenizer = 'array')) ENGINE = MergeTree ORDER BY k SETTINGS index_granularity = 100, min_bytes_for_wide_part = 0";
my $texts = "SELECT number, 'Word ' || toString(number) || ', x', ['e' || toString(number), 'all'] FROM numbers(10000)";
chdb($ch_dir, "CREATE TABLE text_own $text", "CREATE TABLE text_ours $text", "INSERT INTO text_own $texts");
my %at = map { split /\t/ } split /\n/, chdb($ch_dir, "SELECT name, data_paths[1] FROM system.tables WHERE name LIKE 'text%'");
$s->http($_) for "CREATE TABLE text_own $text", "CREATE TABLE text_theirs $text", "INSERT INTO text_own $texts", 'OPTIMIZE TABLE text_own FINAL';
my $own_part = $s->http("SELECT path FROM system.parts WHERE active AND table = 'text_own'") =~ s{/?\n?$}{}r;
my $their_part = chdb($ch_dir, "SELECT path FROM system.parts WHERE active AND table = 'text_own'") =~ s{/?\n?$}{}r;
my $own_data = $s->http("SELECT data_paths[1] FROM system.tables WHERE name = 'text_theirs'") =~ s{/?\n?$}{}r;
for my $copy ([ $own_part, $at{text_ours} ], [ $their_part, $own_data ]) {
	make_path("$copy->[1]/detached");
	run_command('cp', '-r', $copy->[0], "$copy->[1]/detached/" . basename($copy->[0]));
}
chdb($ch_dir, "ALTER TABLE text_ours ATTACH PART '" . basename($own_part) . "'");
like($s->http("ALTER TABLE text_theirs ATTACH PART '" . basename($their_part) . "'"), qr/^$/, 'a part with text indexes attaches');
my $search = "SELECT count(), sum(k) FROM %s WHERE hasToken(s, '777') OR has(a, 'e4321')";
is(chdb($ch_dir, sprintf $search, 'text_ours'), "2\t5098", 'ours is searched there');
is($s->http(sprintf $search, 'text_theirs'), "2\t5098", 'and its here');
for my $asked ("hasToken(s, '777')", "hasAllTokens(s, ['Word', '777'])", "s LIKE '%Word 777,%'", "has(a, 'e4321')") {
	my $read = $s->http("SELECT count() FROM text_own WHERE $asked FORMAT JSON") =~ /"rows_read": (\d+)/ ? $1 : -1;
	cmp_ok($read, '<=', 600, "few rows are read of ours: $asked");
}
is($s->stop, 0, 'clean stop');
done_testing;
