# SPDX-License-Identifier: Apache-2.0
# EXPLAIN over PostgreSQL's wire is what explain viewers read: one column, their lines, their JSON keys; ANALYZE counts the
# rows that really came out of each node. The numbers of plans are ours, so the shape is looked at, not the text.
use strict;
use warnings;
use Hanzo;
use JSON::PP;
use Test::More;

my $s = Hanzo->new;
$s->start;
$s->psql('CREATE TABLE a (i integer PRIMARY KEY, s text)');
$s->psql('CREATE TABLE b (i integer, t text)');
$s->psql(q{INSERT INTO a SELECT g, 'x' || g FROM generate_series(1, 20000) g});
$s->psql(q{INSERT INTO b SELECT g % 100, 'y' || g FROM generate_series(1, 1000) g});

my $title = qr/[A-Z][\w ."*]+/;
my $cost = qr/  \(cost=\d+\.\d\d\.\.\d+\.\d\d rows=\d+ width=\d+\)/;
my $actual = qr/ \(actual time=\d+\.\d{3}\.\.\d+\.\d{3} rows=\d+ loops=\d+\)/;
my $join = q{SELECT a.s, count(*) FROM a JOIN b USING (i) WHERE b.t <> 'y5' GROUP BY a.s HAVING count(*) > 9 ORDER BY 2 DESC LIMIT 3};

my @lines = split /\n/, scalar $s->psql("EXPLAIN $join");
is(scalar(grep { !/^(?: *-> +)?$title$cost$|^ +[A-Z][\w ]+: / } @lines), 0, 'lines are nodes or properties') or diag "@lines";
like($lines[0], qr/^Limit$cost$/, 'the first line has what postgres_fdw reads');
like("@lines", qr/Sort Key: count\(\*\) DESC .*Group Key: a\.s .*Filter: \(count\(\*\) > 9\) .*Hash Cond: \(a\.i = b\.i\)/,
	'conditions as expressions');

my $analyzed = $s->psql("EXPLAIN ANALYZE $join");
is(scalar(grep { /->|^[A-Z]\w+  / && !/$cost$actual$/ } split /\n/, $analyzed), 0, 'every node was measured') or diag $analyzed;
like($analyzed, qr/Planning Time: [\d.]+ ms\nExecution Time: [\d.]+ ms/, 'two times at the end');
like($analyzed, qr/Rows Removed by Filter: 1\n/, 'the scan says what its filter took');

sub plan_of { return decode_json(scalar $s->psql("EXPLAIN (FORMAT JSON, ANALYZE) $_[0]"))->[0] }

# All nodes of a plan, by their type.
sub nodes {
	my ($n) = @_;
	return ($n, map { nodes($_) } @{ $n->{Plans} // [] });
}
my $answer = plan_of($join);
ok(exists $answer->{$_}, "JSON has $_") for 'Plan', 'Planning Time', 'Triggers', 'Execution Time';
my %of = map { $_->{'Node Type'} => $_ } nodes($answer->{Plan});
is_deeply([sort keys %of], ['Aggregate', 'Hash', 'Hash Join', 'Limit', 'Seq Scan', 'Sort'], 'node types of a join');
is($of{Limit}{'Actual Rows'}, 3, 'rows of LIMIT');
is($of{Aggregate}{'Actual Rows'}, 98, 'rows of HAVING');
is($of{Aggregate}{Strategy}, 'Hashed', 'strategy');
is($of{'Hash Join'}{'Actual Rows'}, 989, 'rows of the join');
is($of{'Hash Join'}{'Join Type'}, 'Inner', 'join type');
is_deeply($of{Aggregate}{'Group Key'}, ['a.s'], 'group keys');
is(scalar(grep { !exists $_->{'Total Cost'} || !exists $_->{'Actual Total Time'} || !exists $_->{'Plan Rows'} } nodes($answer->{Plan})),
	0, 'each node has costs and times');

my @counts = (
	['SELECT i FROM a UNION ALL SELECT i FROM b', 'Append', 21000],
	['SELECT i FROM a INTERSECT SELECT i FROM b', 'SetOp', 99],
	['SELECT * FROM a RIGHT JOIN b ON a.i = b.i', 'Hash Join', 1000],
	['SELECT * FROM b x, b y WHERE x.i > 98 AND y.i > 98', 'Nested Loop', 100],
	['SELECT DISTINCT i FROM b', 'Aggregate', 100],
	['SELECT rank() OVER (ORDER BY i) FROM b', 'WindowAgg', 1000],
	['SELECT * FROM a WHERE i % 2 = 0', 'Seq Scan', 10000],
	['SELECT unnest(ARRAY[1, 2]) FROM b', 'ProjectSet', 2000],
	['SELECT 1', 'Result', 1],
);
for my $c (@counts) {
	my ($query, $type, $rows) = @$c;
	my ($n) = grep { $_->{'Node Type'} eq $type } nodes(plan_of($query)->{Plan});
	is($n->{'Actual Rows'}, $rows, "$type of $query");
}
my ($once) = grep { ($_->{'Parent Relationship'} // '') eq 'InitPlan' } nodes(plan_of('SELECT i FROM b WHERE i > (SELECT avg(i) FROM a)')->{Plan});
is($once->{'Subplan Name'}, 'InitPlan 1 (returns $0)', 'a subquery that runs first');

like(scalar $s->psql('EXPLAIN (COSTS off) SELECT i FROM b'), qr/^Seq Scan on b$/, 'without costs');
like(scalar $s->psql('EXPLAIN (VERBOSE, COSTS off) SELECT i + 1 FROM b'), qr/^Seq Scan on public\.b\n  Output: \(b\.i \+ 1\)/, 'VERBOSE');
like(scalar $s->psql('EXPLAIN (COSTS off) UPDATE b SET t = 1 WHERE i = 3'), qr/^Update on b\n  ->  Seq Scan on b\n        Filter: \(i = 3\)$/, 'UPDATE');
like(scalar $s->psql('EXPLAIN (FORMAT YAML) SELECT i FROM b'), qr/^- Plan:\s+Node Type: "Seq Scan"/, 'YAML');
like(scalar $s->psql('EXPLAIN (FORMAT XML) SELECT i FROM b'), qr{^<explain xmlns="http://www.postgresql.org/2009/explain">\s+<Query>}, 'XML');
is(scalar $s->psql('SELECT count(*) FROM b'), 1000, 'nothing was changed');
for my $bad (['(nosuch) SELECT 1', '42601'], ['(FORMAT bad) SELECT 1', '22023'], ['(TIMING) SELECT 1', '22023'], ['(ANALYZE maybe) SELECT 1', '42601']) {
	my (undef, $err) = $s->psql("EXPLAIN $bad->[0]");
	like($err, qr/ERROR:  $bad->[1]/, "EXPLAIN $bad->[0]");
}
$s->stop;
done_testing;
