# SPDX-License-Identifier: Apache-2.0
# psql as people use it: backslash commands, \copy, variables, scripts, errors with position.
use strict;
use warnings;
use Hanzo;
use Test::More;

my $s = Hanzo->new->start;
my ($out, $err, $status);
$s->psql('CREATE TABLE people (id integer NOT NULL, name text, born date, score numeric(6,2) DEFAULT 1.5)');
$s->psql('CREATE VIEW adults AS SELECT id FROM people');
my $meta = sub { return scalar $s->psql($_[0], script => 1) };
like($meta->('\dt'), qr/public\|people\|table\|/, '\dt');
like($meta->('\d'), qr/people.*\n?.*adults|adults.*\n?.*people/s, '\d lists tables and views');
like($meta->('\dv'), qr/adults\|view/, '\dv');
like($meta->('\d people'), qr/id\|integer\|.*not null.*\nname\|text\|.*\nborn\|date\|.*\nscore\|numeric\(6,2\)\|/s, '\d table');
like($meta->('\l'), qr/^default\|/m, '\l');
like($meta->('\dn'), qr/^public\|/m, '\dn');
like($meta->('\df lower'), qr/lower/, '\df');
like($meta->('\du'), qr/default/, '\du');
like($meta->('\conninfo'), qr/database "default"/, '\conninfo');
like($meta->('\dT int4'), qr/integer|int4/, '\dT');
like($meta->('\di'), qr/^/, '\di answers');

my $csv = "$s->{log}.csv";
open my $f, '>', $csv or die;
print $f "id,name,born,score\n1,\"a, b\",2000-01-01,1.25\n2,,,\n";
close $f;
$out = $s->psql("\\copy people FROM '$csv' WITH (FORMAT csv, HEADER)\nSELECT * FROM people ORDER BY id;", script => 1);
like($out, qr/^1\|a, b\|2000-01-01\|1\.25\n2\|\|\|$/m, '\copy from a file');
$s->psql("\\copy (SELECT id, name FROM people ORDER BY id) TO '$csv' WITH (FORMAT csv)", script => 1);
is(Hanzo::slurp($csv), "1,\"a, b\"\n2,\n", '\copy to a file');
$s->psql("\\copy people TO '$csv' WITH (FORMAT binary)", script => 1);
$s->psql("TRUNCATE people");
$s->psql("\\copy people FROM '$csv' WITH (FORMAT binary)", script => 1);
is($s->psql('SELECT count(*), sum(score) FROM people'), '2|1.25', 'binary out and in');

($out, $err, $status) = $s->psql("SELECT 1;\nSELECT nothing FROM people;\nSELECT 2;", script => 1);
is($out, '1', 'a script stops at the error');
like($err, qr/ERROR:\s+42703: .*nothing.*\nLINE 1: SELECT nothing FROM people;\n\s+\^/s, 'the error points at the place');
is($status, 3, 'psql says so');
is($s->psql("\\set x 5\nSELECT :x + 1, :'x';", script => 1), '6|5', 'variables');
is($s->psql("SELECT 1 AS a \\gset\nSELECT :a + 1;", script => 1), '2', '\gset');
is($s->psql("\\set FETCH_COUNT 100\nSELECT count(*) FROM generate_series(1, 1000) g;\nSELECT g FROM generate_series(1, 250) g;", script => 1) =~ tr/\n//, 250, 'FETCH_COUNT');
is($s->psql("SELECT 'a' \\bind \\g\n", script => 1), 'a', 'the extended protocol') if (run_psql_version() >= 16);
sub run_psql_version { return Hanzo::run_command('psql', '--version') =~ /(\d+)\./ ? $1 : 0 }
is($s->stop, 0, 'clean stop');
done_testing;
