# SPDX-License-Identifier: Apache-2.0
# Parts travel: ours attach in the embedded ClickHouse and its parts attach here, wide and compact, every type, and SELECT *
# gives the same text on both sides. A flipped bit is found and named.
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

my $types = <<'SQL';
k UInt32, i8 Int8, i16 Int16, i32 Int32, i64 Int64, i128 Int128, i256 Int256, u8 UInt8, u16 UInt16, u64 UInt64, u128 UInt128, u256 UInt256,
f32 Float32, f64 Float64, d32 Decimal32(2), d64 Decimal64(4), d128 Decimal128(10), d256 Decimal256(20), s String, fs FixedString(4), u UUID,
dt Date, dt32 Date32, t DateTime('UTC'), t64 DateTime64(6, 'UTC'), b Bool, e8 Enum8('a' = 1, 'b' = 2), e16 Enum16('x' = 1000), ip4 IPv4, ip6 IPv6,
n Nullable(Int32), ns Nullable(String), lc LowCardinality(String), lcn LowCardinality(Nullable(String)), a Array(Int32), aa Array(Array(String)), tp Tuple(a Int8, b String),
m Map(String, Int32), an Array(Nullable(String)), al Array(LowCardinality(String)), ne Nested(x UInt8, y String), sparse UInt64, const String,
su SimpleAggregateFunction(sum, UInt64), st AggregateFunction(uniqExact, UInt64), av AggregateFunction(avg, UInt64),
va Variant(UInt64, String, Array(UInt8)), vs Array(Variant(UInt8, String)), vl Variant(Date, LowCardinality(String))
SQL
my $codecs = <<'SQL';
k UInt32 CODEC(Delta, LZ4), a DateTime('UTC') CODEC(DoubleDelta, ZSTD(3)), b Float64 CODEC(Gorilla, LZ4HC(9)), c String CODEC(ZSTD(1)), d UInt32 CODEC(T64, LZ4),
e Int16 CODEC(NONE), f Float32 CODEC(Gorilla), g Int64 CODEC(Delta(8), ZSTD), h DateTime64(3, 'UTC') CODEC(DoubleDelta, LZ4), i Decimal64(8) CODEC(Delta, LZ4),
l UInt64 CODEC(GCD, LZ4), m Float64 CODEC(FPC), n Int64 CODEC(T64('bit')), o UInt16 CODEC(DoubleDelta), p Int32 CODEC(Delta(4), T64, ZSTD(9)), q String CODEC(LZ4HC), r UInt8 CODEC(Delta, LZ4)
SQL
my $rows = sub { return <<"SQL" };
SELECT number, number, number, -number, number * 1000000, -toInt128(number) * 1000000000000, toInt256(number), number, number, number, toUInt128(number), toUInt256(number),
number / 3, number / 7, number / 4, number / 8, number / 16, toDecimal256(number, 20), toString(number), toString(number % 1000), toUUID(concat('00000000-0000-0000-0000-', leftPad(toString(number), 12, '0'))),
toDate(number % 60000), toDate32(-(number % 20000)), toDateTime(number * 1000, 'UTC'), toDateTime64(number / 10, 6, 'UTC'), number % 2, if(number % 2, 'a', 'b'), 'x', toIPv4(toUInt32(number)), toIPv6(concat('::ffff:', toString(toIPv4(toUInt32(number))))),
if(number % 3, number, NULL), if(number % 5, toString(number), NULL), toString(number % 50), if(number % 7, toString(number % 9), NULL), range(number % 4), [[toString(number)], []], (number % 100, toString(number)),
map('k', number, 'l', 1), [NULL, toString(number)], [toString(number % 3)], range(number % 3), arrayMap(x -> toString(x), range(number % 3)), if(number % 100 = 0, number, 0), 'always',
number, uniqExactState(number), avgState(number),
multiIf(number % 4 = 0, toUInt64(number), number % 4 = 1, toString(number), number % 4 = 2, [toUInt8(number % 200)], NULL), arrayFilter(x -> number % 3 != 0, [if(number % 2 = 0, toUInt8(number % 9), toString(number % 5))]), toLowCardinality(toString(number % 5))::Variant(Date, LowCardinality(String)) FROM numbers($_[0]) GROUP BY number ORDER BY number
SQL
my $codec_rows = sub { return <<"SQL" };
SELECT number * 10, toDateTime(1700000000, 'UTC') + number * 60, number / 3, toString(number % 100), number % 1000, number % 30000 - 15000, number / 7, -number * number,
toDateTime64(1700000000, 3, 'UTC') + number, number / 8,
number * 600, number / 9, number - 1500, number, number * -3, toString(number % 77), number FROM numbers($_[0])
SQL
my $select = 'SELECT * REPLACE (finalizeAggregation(st) AS st, finalizeAggregation(av) AS av) FROM %s ORDER BY k';

sub chdb {
	my ($dir, @statements) = @_;
	my ($out, $err, $status) = run_command({ stdin => join('', map { "$_;\n" } @statements), timeout => 120 },
		'python3', Hanzo::source() . '/regress/oracle/ch_sql.py', $lib, $dir);
	diag($err) if $status;
	return $out;
}

sub copy_tree { my ($from, $to) = @_; remove_tree($to); make_path($to =~ s{/[^/]+$}{}r); run_command('cp', '-r', $from, $to) }

my $s = Hanzo->new->start;
my $ch_dir = "$s->{log}.ch";
remove_tree($ch_dir);
my @tables;
for my $kind ([ 'wide', 'min_bytes_for_wide_part = 0' ], [ 'compact', 'min_bytes_for_wide_part = 1000000000' ]) {
	push @tables, { name => "all_$kind->[0]", columns => $types, settings => $kind->[1], rows => $rows, select => $select };
	push @tables, { name => "codecs_$kind->[0]", columns => $codecs, settings => $kind->[1], rows => $codec_rows, select => 'SELECT * FROM %s ORDER BY k' };
}
for my $t (@tables) {
	$t->{create} = "CREATE TABLE %s ($t->{columns}) ENGINE = MergeTree ORDER BY k SETTINGS index_granularity = 1024, $t->{settings}";
}

# ours to ClickHouse
my %text;
for my $t (@tables) {
	like($s->http(sprintf $t->{create}, $t->{name}), qr/^$/, "$t->{name} is made");
	like($s->http("INSERT INTO $t->{name} " . $t->{rows}->(3000)), qr/^$/, 'filled');
	$s->http("OPTIMIZE TABLE $t->{name}"); # out of memory, into a directory
	$text{ $t->{name} } = $s->http(sprintf $t->{select}, $t->{name});
	is($text{ $t->{name} } =~ tr/\n//, 2999, 'and read');
}
my %path = map { split /\t/ } split /\n/, chdb($ch_dir, (map { sprintf $_->{create}, $_->{name} } @tables), (map { sprintf $_->{create}, "back_$_->{name}" } @tables),
	(map { "INSERT INTO back_$_->{name} " . $_->{rows}->(3000) } @tables), "SELECT name, data_paths[1] FROM system.tables WHERE database = currentDatabase()");
my %theirs = map { my @f = split /\t/; ($f[0] => $f[1]) } split /\n/, chdb($ch_dir, "SELECT table, path FROM system.parts WHERE active AND database = currentDatabase() AND table LIKE 'back%'");
my @attach;
for my $t (@tables) {
	my $part = $s->http("SELECT path FROM system.parts WHERE active AND table = '$t->{name}' AND database = currentDatabase()");
	$part =~ s{/$}{};
	copy_tree($part, "$path{ $t->{name} }/detached/" . basename($part));
	push @attach, "ALTER TABLE $t->{name} ATTACH PART '" . basename($part) . "'";
}
chdb($ch_dir, @attach);
for my $t (@tables) {
	my $got = chdb($ch_dir, sprintf $t->{select}, $t->{name});
	ok($got eq $text{ $t->{name} }, "$t->{name}: our part reads the same in ClickHouse") or diag(first_difference($got, $text{ $t->{name} }));
	is(chdb($ch_dir, "CHECK TABLE $t->{name} SETTINGS check_query_single_value_result = 1"), '1', 'and passes its check');
}

# ClickHouse's to us
for my $t (@tables) {
	my $name = "back_$t->{name}";
	$s->http(sprintf $t->{create}, $name);
	my $data = $s->http("SELECT data_paths[1] FROM system.tables WHERE name = '$name' AND database = currentDatabase()");
	my $part = $theirs{$name} =~ s{/$}{}r;
	copy_tree($part, "$data/detached/" . basename($part));
	like($s->http("ALTER TABLE $name ATTACH PART '" . basename($part) . "'"), qr/^$/, "$name: its part attaches here");
	my $got = $s->http(sprintf $t->{select}, $name);
	ok($got eq $text{ $t->{name} }, 'and reads the same') or diag(first_difference($got, $text{ $t->{name} }));
}

sub first_difference {
	my @a = split /\n/, $_[0]; my @b = split /\n/, $_[1];
	for my $i (0 .. ($#a > $#b ? $#a : $#b)) {
		my ($x, $y) = ($a[$i] // '(none)', $b[$i] // '(none)');
		next if $x eq $y;
		my @x = split /\t/, $x; my @y = split /\t/, $y;
		for my $c (0 .. $#x) { return "row $i column $c: " . substr($x[$c], 0, 200) . ' | ' . substr($y[$c] // '(none)', 0, 200) if $x[$c] ne ($y[$c] // '') }
		return "row $i: $x | $y";
	}
	return 'no difference';
}

# a flipped bit
my $part = $s->http("SELECT path FROM system.parts WHERE active AND table = 'codecs_wide' AND database = currentDatabase()");
$s->stop;
my ($file) = glob "$part/c.bin";
if (ok(defined $file && -s $file, 'a column file of a wide part')) {
	open my $f, '+<:raw', $file or die;
	seek $f, int((-s $file) / 2), 0;
	read $f, my $byte, 1;
	seek $f, -1, 1;
	print $f chr(ord($byte) ^ 0x10);
	close $f;
	$s->start;
	my $got = $s->http('SELECT max(c) FROM codecs_wide'); # reads the strings, not their lengths alone
	like($got, qr/^Code: (40|246|271|235|\d+)\..*(checksum|corrupt|c\.bin|codecs_wide)/is, 'a flipped byte is an error that names it');
	is($s->http('SELECT count() FROM codecs_compact'), '3000', 'the server goes on');
	is($s->stop, 0, 'clean stop');
}
done_testing;
