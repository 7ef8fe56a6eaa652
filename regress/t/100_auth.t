# SPDX-License-Identifier: Apache-2.0
# A user with a password: SCRAM over PostgreSQL's wire, Basic over HTTP; the environment's names.
use strict;
use warnings;
use Hanzo;
use Test::More;

my $s = Hanzo->new(env => { HANZO_DATASTORE_USER => 'hanzo', HANZO_DATASTORE_PASSWORD => 'sécret', HANZO_DATASTORE_DB => 'hanzo' })->start;
my $info = "host=127.0.0.1 port=$s->{pg} user=hanzo dbname=hanzo sslmode=disable";
local $ENV{PGPASSWORD} = 'sécret';
is($s->psql('SELECT current_user, current_database()', conninfo => $info), 'hanzo|hanzo', 'the right password');
{
	local $ENV{PGPASSWORD} = 'wrong';
	my (undef, $err, $status) = $s->psql('SELECT 1', conninfo => $info);
	isnt($status, 0, 'a wrong password is refused');
	like($err, qr/password authentication failed/, 'and says so');
}
like(($s->psql('SELECT 1', conninfo => "$info channel_binding=disable require_auth=scram-sha-256"))[1] // '', qr/^$|invalid connection option/, 'by SCRAM');
is(($s->curl('-u', 'hanzo:sécret', '--data-binary', 'SELECT 1', '/'))[0], 200, 'Basic');
is(($s->curl('-u', 'hanzo:wrong', '--data-binary', 'SELECT 1', '/'))[0], 403, 'a wrong one');
is(($s->curl('-H', 'X-ClickHouse-User: hanzo', '-H', 'X-ClickHouse-Key: sécret', '--data-binary', 'SELECT currentUser()', '/'))[1], "hanzo\n", 'by header');
is($s->stop, 0, 'clean stop');
done_testing;
