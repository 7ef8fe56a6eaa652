# SPDX-License-Identifier: Apache-2.0
# Damage on disk: every file of a part flipped, truncated or missing, the log cut, foreign or doubled, a directory of a
# newer version. Nothing wrong is ever served, what is broken at a glance is set aside, the rest serves, and messages say
# what was found where.
use strict;
use warnings;
use Hanzo qw(run_command slurp);
use File::Copy qw(copy);
use File::Path qw(remove_tree);
use Test::More;

my $s = Hanzo->new->start;
my $settings = 'min_rows_for_compact_part = 0';
# merges of it would stand in the log among what is counted there
$s->http("CREATE TABLE other (a UInt32) ENGINE = MergeTree ORDER BY a SETTINGS $settings, max_bytes_to_merge_at_max_space_in_pool = 1");
$s->http('INSERT INTO other SELECT number FROM numbers(10)');
$s->http("CREATE TABLE merged (a UInt32) ENGINE = MergeTree ORDER BY a SETTINGS $settings");
$s->http('INSERT INTO merged VALUES (0)');
my %rows = (wide => 'min_bytes_for_wide_part = 0', compact => 'min_bytes_for_wide_part = 1000000000');
for my $t (sort keys %rows) {
	$s->http("CREATE TABLE $t (a UInt32, b String, c Array(UInt16), d LowCardinality(String)) ENGINE = MergeTree ORDER BY a "
		. "SETTINGS $settings, $rows{$t}");
	$s->http("INSERT INTO $t SELECT number + $_ * 1000, toString(number), [number, 1], toString(number % 5) FROM numbers(500)") for 0, 1;
}
is($s->http('CHECK TABLE wide SETTINGS check_query_single_value_result = 1'), '1', 'a whole table passes its check');
is($s->http('CHECK TABLE wide'), "all_1_1_0\t1\t\nall_2_2_0\t1\t", 'part by part');
is($s->http("CHECK TABLE wide PART 'all_2_2_0'"), "all_2_2_0\t1\t", 'one part');
my $query = 'SELECT count(), sum(a), sum(length(b)), sum(arraySum(c)), sum(toUInt32(d)) FROM';
my $whole = $s->http("$query wide");
is($s->http("$query compact"), $whole, 'both hold the same');
my $half = $s->http("$query wide WHERE a >= 1000");
is($s->stop, 0, 'stopped');
my $aside = "$s->{log}.whole";
remove_tree($aside);
system('cp', '-a', $s->{dir}, $aside) == 0 or die;

sub spoil {
	my ($file, $how) = @_;
	my $bytes = slurp($file);
	if ($how eq 'missing') {
		unlink $file;
		return;
	}
	if ($how eq 'truncated') {
		$bytes = substr $bytes, 0, length($bytes) / 2;
	} else {
		my $at = int(length($bytes) / 2);
		substr($bytes, $at, 1) = chr(ord(substr $bytes, $at, 1) ^ 0x10);
	}
	open my $f, '>:raw', $file or die "$file: $!";
	print $f $bytes;
	close $f;
}

# The part all_1_1_0 of the table, in the copy that is in use.
sub part_of {
	my ($t) = @_;
	my ($dir) = grep { slurp("$_/columns.txt") =~ /LowCardinality/ && (-e "$_/data.bin" ? 'compact' : 'wide') eq $t }
		glob "$s->{dir}/store/*/all_1_1_0";
	return $dir;
}

my ($wrong, $dead, $silent, $unnamed, $lost, $cases) = (0) x 6;
for my $t (sort keys %rows) {
	my @files = map { m{([^/]+)$} } glob part_of($t) . '/*';
	for my $name (@files) {
		for my $how (qw(flipped truncated missing)) {
			remove_tree($s->{dir});
			system('cp', '-a', $aside, $s->{dir}) == 0 or die;
			spoil(part_of($t) . "/$name", $how);
			$s->start;
			$cases++;
			my $got = $s->http("$query $t");
			my $set_aside = () = glob "$s->{dir}/store/*/detached/broken-on-start_all_1_1_0";
			my $right = $set_aside ? $half : $whole;
			my $check = $s->http("CHECK TABLE $t SETTINGS check_query_single_value_result = 1");
			my $text = "$t/$name $how: $got";
			# a file that checksums.txt does not list may be read as if nothing were
			my $listed = $name !~ /^(columns\.txt|default_compression_codec\.txt|metadata_version\.txt|columns_substreams\.txt)$/;
			$wrong++, diag("wrong: $text") if $got !~ /Code: / && $got ne $right;
			$unnamed++, diag("not named: $text") if $got =~ /Code: / && $got !~ /all_1_1_0/;
			$silent++, diag("not noticed: $text ($check)") if $listed && !$set_aside && $check eq '1';
			$lost++, diag("the rest: $text") if $s->http("$query $t WHERE a >= 1000") !~ /^(\Q$half\E|Code: .*)$/s
				|| $s->http('SELECT count() FROM other') ne '10';
			$dead++, diag("dead: $text") if !$s->alive;
			$s->stop;
		}
	}
}
cmp_ok($cases, '>', 60, "$cases damaged files");
is($wrong, 0, 'none gives a wrong answer');
is($silent, 0, 'each is noticed by CHECK TABLE or set aside at start');
is($unnamed, 0, 'each error names the part');
is($lost, 0, 'the rest serves');
is($dead, 0, 'the server lives');

# what was set aside stays so, and the table goes on
remove_tree($s->{dir});
system('cp', '-a', $aside, $s->{dir});
unlink part_of('wide') . '/checksums.txt';
spoil(part_of('wide') . '/count.txt', 'missing');
$s->start;
is($s->http("$query wide"), $half, 'the other part serves');
like($s->log_text, qr/all_1_1_0 .*broken.*count\.txt/, 'the log says which file');
$s->restart;
is($s->http("$query wide"), $half, 'also after another start');
is($s->stop, 0, 'stopped');

# ---- the log and the directory: a start that must not be ----
sub refuses {
	my ($expected, $what) = @_;
	my ($out, $err, $status) = start_once();
	isnt($status, 0, "$what: no start");
	like("$out$err", $expected, "$what: says why");
}

sub start_once {
	my @command = (Hanzo::binary(), 'server', '--path', $s->{dir}, '--pg-port', 0, '--http-port', Hanzo::free_port());
	return run_command(@command);
}

sub fresh {
	remove_tree($s->{dir});
	system('cp', '-a', $aside, $s->{dir}) == 0 or die;
}
# What this program does not know is left as it is.
sub overwrite {
	my ($file, $at, $bytes) = @_;
	open my $f, '+<:raw', $file or die "$file: $!";
	seek $f, $at, 0;
	print $f $bytes;
	close $f;
}
my @segments = map { s{.*/}{}r } sort glob "$aside/wal/*.wal";
for my $case (['999', 'newer', 'a newer version'], ['0', 'older', 'an older version'], ['x', 'is not of a data directory', 'a strange version']) {
	fresh();
	open my $version, '>', "$s->{dir}/VERSION" or die;
	print $version "hanzo-datastore data directory, version $case->[0]\n";
	close $version;
	refuses(qr{/VERSION (?:has format $case->[0],.*)?$case->[1]}, $case->[2]);
	like(slurp("$s->{dir}/VERSION"), qr/version $case->[0]$/, "$case->[2]: it stays");
}
for my $case (['9', 'newer'], ['0', 'older']) {
	fresh();
	overwrite("$s->{dir}/MANIFEST", 7, $case->[0]);
	refuses(qr{/MANIFEST has format $case->[0], written by an? $case->[1] version.* reads formats \d to \d}, "a MANIFEST of a $case->[1] version");
	fresh();
	overwrite("$s->{dir}/wal/$segments[-1]", 5, "00$case->[0]");
	refuses(qr{/wal/$segments[-1] has format $case->[0], written by an? $case->[1] version}, "a log of a $case->[1] version");
}
fresh();
overwrite("$s->{dir}/VERSION", length('hanzo-datastore data directory, version '), '1');
$s->start;
is($s->http("$query wide"), $whole, 'a directory of the format before is read');
is($s->stop, 0, 'stopped');
is(slurp("$s->{dir}/VERSION"), slurp("$aside/VERSION"), 'and raised to this one');
fresh();
unlink glob "$s->{dir}/wal/*.wal";
refuses(qr/a segment of the commit log is missing: none in \S+ holds LSN \d+/, 'no log');
fresh();
spoil("$s->{dir}/MANIFEST", 'flipped');
refuses(qr/MANIFEST is damaged/, 'a flipped MANIFEST');
my $stranger = Hanzo->new->start;
$stranger->http('CREATE TABLE x (a UInt8) ENGINE = MergeTree ORDER BY a');
$stranger->stop;
fresh();
my ($last) = reverse sort glob "$s->{dir}/wal/*.wal";
my ($foreign) = glob "$stranger->{dir}/wal/*.wal";
copy($foreign, "$s->{dir}/wal/00000000f0000000.wal");
refuses(qr/00000000f0000000\.wal/, 'a segment of another server under a new name');
fresh();
copy($foreign, $last);
refuses(qr/segment .*\.wal/, 'a segment of another server');
fresh();
copy($last, "$s->{dir}/wal/00000000f0000000.wal");
refuses(qr/00000000f0000000\.wal has a damaged header/, 'a segment that is there twice');
# a CREATE that never came to its commit, or a DROP that ended too early, leaves a directory
fresh();
my ($lost_table, $strange) = map { "$s->{dir}/store/$_" } '01234567-89ab-4def-8123-456789abcdef', 'mine';
for my $dir ($lost_table, $strange) {
	mkdir $dir or die "$dir: $!";
	open my $f, '>', "$dir/x" or die;
}
$s->start;
ok(!-e $lost_table, 'a directory that belongs to no table is removed');
ok(-e "$strange/x", 'one that is not ours stays');
my (undef, undef, $again) = run_command(Hanzo::binary(), 'server', '--path', $s->{dir}, '--pg-port', 0, '--http-port', Hanzo::free_port());
isnt($again, 0, 'a second server on the same directory does not start');
is($s->http("$query wide"), $whole, 'the first one goes on');

# acknowledged commits in the log's tail: a torn last record is the end, a flipped earlier one is not
$s->http('SYSTEM STOP MERGES other'); # their sources would be gone for an earlier state
$s->http("INSERT INTO other VALUES ($_)") for 100 .. 110;
$s->http('INSERT INTO merged VALUES (1)') for 1 .. 2;
$s->http('OPTIMIZE TABLE merged FINAL');
$s->http("INSERT INTO other VALUES ($_)") for 111 .. 120;
$s->kill9;
remove_tree($aside);  # what the log names is in this directory: rows may have gone into parts meanwhile
system('cp', '-a', $s->{dir}, $aside) == 0 or die;
my ($tail) = reverse sort glob "$s->{dir}/wal/*.wal";
my $bytes = slurp($tail);
my @ends;
my $at = 64;
while ($at + 40 <= length $bytes && unpack('V', substr $bytes, $at, 4)) {
	push @ends, $at;
	$at += (40 + unpack('V', substr $bytes, $at, 4) + 7) & ~7;
}
cmp_ok(scalar @ends, '>=', 21, 'records in the log');
my $write = sub { open my $f, '>:raw', $tail or die; print $f $_[0]; close $f };
my $torn = $bytes;
substr($torn, $ends[-1] + 44, 1) ^= "\x01";
$write->($torn);
$s->start;
is($s->http('SELECT count() FROM other'), '30', 'a torn last record is the end of the log');
like($s->log_text, qr/ends in a record that is not whole: segment \Q$tail\E, offset $ends[-1] \(LSN \d+, commit \d+\)/, 'the log says where');
$s->kill9;
fresh_tail($bytes, sub { substr($_[0], $ends[5] + 44, 1) ^= "\x01" });
my ($out, $err, $status) = start_once();
isnt($status, 0, 'a flipped record in the middle: no start');
like("$out$err", qr/damaged: segment \S+, offset $ends[5] \(LSN \d+\).*--recover-to/s, 'segment, offset and what may be done are named');
my $shorter;
fresh_tail($bytes, sub { $shorter = substr $_[0], 0, $ends[5] + 50; $_[0] = $shorter });
($out, $err, $status) = start_once();
isnt($status, 0, 'a segment that is cut: no start');
like("$out$err", qr/cut: segment \S+ has @{[length $shorter]} of \d+ bytes, and its whole records end at offset $ends[5] \(LSN \d+\)/, 'where is said');
is(slurp($tail), $shorter, 'it is left as it is');
my ($lsn) = "$out$err" =~ /--recover-to (\d+)/;
$s->{args} = ['--recover-to', $lsn];
ok(eval { $s->start }, 'it starts with --recover-to');
my $kept = $s->http('SELECT count() FROM other');
ok($kept >= 10 && $kept <= 15, "with what came before ($kept rows)");
cmp_ok($s->http('SELECT count() FROM merged'), '<=', 1, 'nothing of what came later');
like($s->http("SELECT count() FROM system.detached_parts WHERE table = 'merged' AND name LIKE 'unexpected%'"), qr/^[1-9]/, 'whose part is set aside');
is($s->stop, 0, 'clean stop');

sub fresh_tail {
	my ($content, $spoil) = @_;
	fresh();
	$spoil->($content);
	$write->($content);
}
done_testing;
