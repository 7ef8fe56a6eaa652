# SPDX-License-Identifier: Apache-2.0
# A full disk: the statement fails and says so, the server goes on, nothing acknowledged is lost, and with room again it works.
use strict;
use warnings;
use Hanzo qw(run_command slurp);
use File::Path qw(make_path);
use Test::More;

my $mount = (Hanzo->new->{dir}) . '.full';
make_path($mount);
my (undef, undef, $status) = run_command('mount', '-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', $mount);
plan skip_all => 'needs root to mount a small file system' if $status;
END { local $?; system('umount', '-l', $mount) if defined $status && !$status }

my $s = Hanzo->new(dir => "$mount/data")->start;
$s->http('CREATE TABLE t (a UInt64, s String CODEC(NONE)) ENGINE = MergeTree ORDER BY a SETTINGS min_rows_for_compact_part = 0');
$s->http('CREATE TABLE small (a UInt64) ENGINE = MergeTree ORDER BY a');
my $insert = sub {
	my ($n, $table) = @_;
	my $text = $table eq 't' ? "INSERT INTO t SELECT number + $n * 10000, randomPrintableASCII(200) FROM numbers(10000)"
		: "INSERT INTO small VALUES ($n)";
	return $s->http($text);
};
my ($rows, $failed) = (0, '');
for my $n (1 .. 60) {
	my $got = $insert->($n, 't');
	$failed = $got, last if $got =~ /Code: /;
	$rows += 10000;
}
like($failed, qr/Code: (243|\d+)\. .*(No space left|space)/i, 'an insert that does not fit says so');
cmp_ok($rows, '>', 0, "$rows rows before");
ok($s->alive, 'the server lives');
is($s->http('SELECT count() FROM t'), $rows, 'nothing of it is there, and all before is');
my $small = 0;
for my $n (1 .. 300) {
	last if $insert->($n, 'small') =~ /Code: /;
	$small++;
}
is($s->http('SELECT count() FROM small'), $small, "small inserts are there as they were acknowledged ($small)");
$insert->(100, 't') for 1 .. 3;
is($s->http('SELECT count() FROM t'), $rows, 'more that does not fit leaves nothing either');
$s->kill9;
system('mount', '-o', 'remount,size=120m', $mount) == 0 or die 'remount';
$s->start;
is($s->http('SELECT count() FROM t'), $rows, 'also after kill -9');
is($s->http('SELECT count() FROM small'), $small, 'small ones too');
is($insert->(101, 't'), '', 'with room again it goes on');
is($s->http('SELECT count() FROM t'), $rows + 10000, 'and the rows are there');
is($s->stop, 0, 'clean stop');
done_testing;
