# SPDX-License-Identifier: Apache-2.0
# The SQL cases, half of their statements changed at random: whatever they have become, each is answered or refused, in
# time, and the server lives. FUZZ_SEED repeats a run, FUZZ_STATEMENTS makes a longer one; the statement that killed it is printed.
use strict;
use warnings;
use Hanzo qw(slurp);
use IO::Select;
use Test::More;
use Time::HiRes qw(time);

my $seed = $ENV{FUZZ_SEED} // int(time * 1000) % 1_000_000_007;
my $count = $ENV{FUZZ_STATEMENTS} // 2000;
my $seconds = $ENV{FUZZ_SECONDS} // 45;    # of all of them, where FUZZ_STATEMENTS does not say how many
note "FUZZ_SEED=$seed";
srand $seed;

my (@cases, @words);
my %seen;
for my $file (sort glob Hanzo::source() . '/regress/sql/*/*.sql') {
	my $text = slurp($file);
	my $dialect = $file =~ m{/pg/|/pg_} ? 'postgresql' : 'clickhouse';
	$text =~ s/^--.*\n//mg;
	my $case = { dialect => $dialect, statements => [] };
	for my $statement (grep { /\S/ && length() < 2000 } split /;\n/, $text) {
		my @tokens = $statement =~ /'(?:[^'\\]|\\.|'')*'|"[^"]*"|`[^`]*`|\w+|::|->>?|[<>=!]+|\|\||\S/gs;
		push @{ $case->{statements} }, \@tokens;
		push @words, grep { !$seen{$_}++ } @tokens;
	}
	push @cases, $case if @{ $case->{statements} };
}
cmp_ok(scalar @cases, '>', 250, 'there are cases to change');
my @functions = grep { /^[a-z]\w+$/i } @words;

my @edges = (0, 1, -1, 255, 256, 65536, 4294967295, 9223372036854775807, -9223372036854775808, 18446744073709551615,
	'1e400', '-0.0', 'nan', 'inf', 'NULL', "''", "'\\0'", "'" . 'x' x 300 . "'", '[]', '[NULL]', '()', 'tuple()',
	'map()', '[[1], []]', "toDateTime64('1900-01-01', 9)", "toDecimal256('1', 76)", 'toNullable(1)', 'toLowCardinality(1)',
	'materialize(NULL)', 'number', '*', 'x -> x', '(SELECT 1)', '(SELECT number FROM numbers(3))', "'1970-01-01'",
	"'99999-13-45 99:99:99'", "'{\"a\":[1,{\"b\":null}]}'", "'\\xff\\xfe'", 'count()', 'arrayJoin([1, 2, 3])',
	"CAST('a', 'Enum8(''a'' = 1)')", "toFixedString('a', 3)", 'generateUUIDv4()', "toIPv6('::1')");

sub pick { return $_[rand @_] }

sub changed {
	my @t = @{ $_[0] };
	for (0 .. rand 2) {
		my $at = int rand @t;
		my ($literal) = pick(grep { $t[$_] =~ /^[\d']/ } 0 .. $#t);
		my ($call) = pick(grep { ($t[$_ + 1] // '') eq '(' && $t[$_] =~ /^[a-z]/ } 0 .. $#t);
		my $how = int rand 14;
		if ($how < 4) { $t[$literal // $at] = pick(@edges) }
		elsif ($how < 7) { $t[$call] = pick(@functions) if defined $call }
		elsif ($how < 9) { splice @t, $literal, 1, 'materialize', '(', $t[$literal], ')' if defined $literal }
		elsif ($how == 9) { splice @t, $at, 1 }
		elsif ($how == 10) { $t[$at] = pick(@words) }
		elsif ($how == 11) { splice @t, $at, 0, @t[$at .. ($at + 3 > $#t ? $#t : $at + 3)] }
		elsif ($how == 12) { my $b = int rand @t; @t[$at, $b] = @t[$b, $at] }
		else { my @other = @{ pick(@{ pick(@cases)->{statements} }) }; splice @t, $at, int rand 4, @other[0 .. rand @other] }
		last if !@t;
	}
	return @t;
}

my $s = Hanzo->new->start;
my $encode = sub { my $x = shift; $x =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge; $x };
# One statement over a connection that is kept; the head of the answer, or undef where it was cut.
my $socket;
sub ask {
	my ($dialect, $database, $statement) = @_;
	local $SIG{PIPE} = 'IGNORE';
	$socket //= $s->connect($s->http_port) or return undef;
	my $path = "/?dialect=$dialect&max_execution_time=2&max_memory_usage=200000000&max_result_rows=100000&result_overflow_mode=break&database=$database";
	print $socket "POST $path HTTP/1.1\r\nHost: x\r\nContent-Length: " . length($statement) . "\r\n\r\n$statement";
	$socket->flush;
	my ($got, $select, $end) = ('', IO::Select->new($socket), time + 30);
	while (time < $end) {
		next if !$select->can_read(1);
		my $n = sysread $socket, $got, 1 << 20, length $got;
		if (!$n) { undef $socket; return length $got ? $got : undef }
		my ($head, $body) = split /\r\n\r\n/, $got, 2;
		next if !defined $body;
		my ($size) = $head =~ /^Content-Length: (\d+)/mi;
		return $got if defined $size ? length $body >= $size : $body =~ /(?:^|\r\n)0\r\n\r\n\z/;
		$got = substr($got, 0, 4000) . substr $got, -4000 if length $got > 1 << 22;
	}
	undef $socket;
	return 'late';
}

my ($asked, $answered, $late, @last) = (0, 0, 0);
my $begin = time;
my $round = 0;
CASE: while ($asked < $count && ($ENV{FUZZ_STATEMENTS} || time - $begin < $seconds)) {
	my $case = pick(@cases);
	my $database = 'fuzz' . ++$round;
	ask('clickhouse', 'default', "CREATE DATABASE $database");
	for my $tokens (@{ $case->{statements} }) {
		my $statement = join(' ', rand() < 0.5 ? @$tokens : changed($tokens)) =~ s/ ?([(\[\].]|::) ?/$1/gr;
		next if $statement =~ /\b(SYSTEM|KILL|sleep\w*|pg_sleep)\b/i;
		push @last, "[$case->{dialect}] $statement";
		shift @last if @last > 12;
		$asked++;
		my $got = ask($case->{dialect}, $database, $statement) // ask('clickhouse', 'default', 'SELECT 1');
		last CASE if !defined $got && !$s->alive;
		$answered++ if defined $got && $got =~ m{^HTTP/1\.1 200};
		next if !defined $got || $got ne 'late';
		diag("late: $last[-1]");
		$late++;
	}
	ask('clickhouse', 'default', "DROP DATABASE IF EXISTS $database");
}
ok($s->alive, 'the server lives') or diag join "\n", "FUZZ_SEED=$seed", 'the last statements:', @last;
is($late, 0, 'every answer came in time');
is($s->http('SELECT 1'), '1', 'and it still answers') if $s->alive;
note "$asked statements, $answered of them answered";
cmp_ok($answered, '>', $asked / 4, 'some are still statements');
is($s->stop, 0, 'clean stop');
done_testing;
