# SPDX-License-Identifier: Apache-2.0
# The scenarios' helper: what pending.list excuses, and what it never does.
use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Hanzo qw(run_command);
use Test::More;

my $dir = tempdir(CLEANUP => 1);
make_path("$dir/regress", "$dir/out");
my $lib = Hanzo::source() . '/regress/lib';

# The status of a script with these pending lines, and what it printed.
sub status_of {
	my ($pending, $script) = @_;
	my %files = ("$dir/regress/pending.list" => $pending, "$dir/900_case.t" => "use strict; use warnings; use Hanzo; use Test::More;\n$script");
	for my $path (keys %files) {
		open my $f, '>', $path or die "$path: $!";
		print $f $files{$path};
	}
	local @ENV{qw(HANZO_SRC HANZO_OUT)} = ($dir, "$dir/out");
	my ($out, $err, $status) = run_command($^X, "-I$lib", "$dir/900_case.t");
	return ($status, "$out\n$err");
}

my ($status, $text) = status_of('', "ok(0, 'a'); done_testing;");
isnt($status, 0, 'a failure without a line');
($status, $text) = status_of("t/900_case.t a b\n", "ok(0, 'a b'); is(1, 1, 'c'); done_testing;");
is($status, 0, 'a pending failure is excused');
like($text, qr/^not ok 1 - a b # \w+/m, 'as TAP says it');
($status) = status_of("t/900_case.t a\nt/900_case.t b\n", "is(1, 2, 'a'); like('x', qr/y/, 'b'); done_testing;");
is($status, 0, 'several lines');
($status) = status_of("t/900_case.t a\n", "ok(0, 'a'); ok(0, 'a b'); done_testing;");
isnt($status, 0, 'another failure is not');
($status) = status_of("t/901_case.t a\n", "ok(0, 'a'); done_testing;");
isnt($status, 0, 'nor is one of another scenario');
($status, $text) = status_of("t/900_case.t a\n", "ok(1, 'a'); done_testing;");
like("$status $text", qr/^0 .*may go: a/s, 'a pass is told');
($status) = status_of("t/900_case.t a\n", "ok(0, 'a'); die 'enough';");
isnt($status, 0, 'a script that dies');
($status) = status_of("t/900_case.t a\n", "ok(0, 'a'); ok(1, 'b');");
isnt($status, 0, 'a script without its plan');
($status, $text) = status_of("t/900_case.t nosuch\n", "ok(1, 'b'); done_testing;");
like("$status $text", qr/^[1-9].*names no assertion.*nosuch/s, 'a line that names nothing') if !Hanzo::sanitized();
my $start = "my \$s = Hanzo->new->start; ok(0, 'a');";
($status) = status_of("t/900_case.t a\n", "$start done_testing;");
is($status, 0, 'a server that lives');
($status) = status_of("t/900_case.t a\n", "$start \$s->kill9; done_testing;");
is($status, 0, 'one that the scenario kills');
($status, $text) = status_of("t/900_case.t a\n", "$start kill 'KILL', \$s->{pid}; \$s->http('SELECT 1'); done_testing;");
like("$status $text", qr/^[1-9].*ended by itself/s, 'a server that dies');
($status) = status_of("t/900_case.t a\n", "$start kill 'ABRT', \$s->{pid}; \$s->stop; done_testing;");
isnt($status, 0, 'one that died before it was stopped');
done_testing;
