# SPDX-License-Identifier: Apache-2.0
# file() reads and writes below user_files and nowhere else, whatever the path is called and wherever links lead.
use strict;
use warnings;
use File::Path qw(make_path);
use Hanzo;
use Test::More;

my $s = Hanzo->new->start;
my $files = "$s->{dir}/user_files";
make_path("$files/sub", "$s->{dir}/outside");
symlink "$s->{dir}/outside", "$files/link" or die;
open my $f, '>', "$s->{dir}/outside/secret.csv" or die;
print $f "1\n";
close $f;

is($s->http("INSERT INTO FUNCTION file('sub/a.csv', CSV, 'a UInt8, b String') SELECT number, toString(number) FROM numbers(3)"), '', 'rows go into a file');
is($s->http("INSERT INTO FUNCTION file('sub/a.csv', CSV, 'a UInt8, b String') VALUES (7, 'x')"), '', 'and more behind them');
is($s->http("SELECT sum(a), max(b) FROM file('sub/a.csv', CSV, 'a UInt8, b String')"), "10\tx", 'and are read');
is($s->http("INSERT INTO FUNCTION file('b.native', Native, 'a UInt8') SELECT 5"), '', 'a format that is binary');
like($s->http("INSERT INTO FUNCTION file('b.native', Native, 'a UInt8') SELECT 5"), qr/^Code: 36\b/, 'is not appended to');
is($s->http("SELECT * FROM file('b.native')"), '5', 'it says itself what it holds');
is($s->http("SELECT count() FROM file('sub/*.csv', 'CSV', 'a UInt8, b String')"), '4', 'a pattern');
for my $path ('/etc/passwd', '../VERSION', 'sub/../../VERSION', 'link/secret.csv', '{..,x}/VERSION', "$files/../VERSION") {
	like($s->http("SELECT count() FROM file('$path', LineAsString, 'l String')"), qr/^Code: 497\b/, "$path is not read");
}
for my $path ('../evil.csv', 'link/evil.csv', 'link/secret.csv', "$s->{dir}/evil.csv") {
	like($s->http("INSERT INTO FUNCTION file('$path', CSV, 'a UInt8') SELECT 1"), qr/^Code: 497\b/, "$path is not written");
}
ok(!-e "$s->{dir}/outside/evil.csv" && !-e "$s->{dir}/evil.csv", 'nothing is outside');
like($s->http("SELECT * FROM file('none.csv', CSV, 'a UInt8')"), qr/^Code: 107\b/, 'a file that is not there');
is($s->stop, 0, 'clean stop');
done_testing;
