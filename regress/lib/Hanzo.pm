# SPDX-License-Identifier: Apache-2.0
package Hanzo;

# Scenarios' helper: a server of its own on free loopback ports, and ways to talk to it.
#
#   my $s = Hanzo->new(args => [...], env => {...});   # nothing runs yet; its directory goes with the object
#   $s->start;  $s->stop;  $s->kill9;  $s->restart;    # start waits until it accepts
#   my $rows = $s->psql('SELECT 1');                   # unaligned rows; list context: (stdout, stderr, status)
#   my ($status, $body, $head) = $s->http('SELECT 1', param_x => 5);
#   my ($out, $err, $status) = $s->client('-q', 'SELECT 1');
#   $s->raw($port, $bytes);                            # bytes there, all bytes back
#   Hanzo::poll_until(sub { ... }, 10, 'what') or ...  # no sleeps: a condition and a deadline
#
# The binary is $HANZO_BIN, results go below $HANZO_OUT. A failed scenario names the server's log. Assertions that
# pending.list names (`t/NNN_topic.t exact name of the assertion`) may fail, in TAP's way; all others must pass, and neither the
# script nor a server may die.
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use IPC::Open3;
use POSIX qw(:sys_wait_h);
use Symbol 'gensym';
use Test2::API qw(test2_stack);
use Test::More;
use Time::HiRes qw(time);

our @EXPORT_OK = qw(poll_until run_command slurp sanitized free_port);
my $count = 0;
my @alive;
my %pending = map { $_ => 'unseen' } pending_names();
my $script_pid = $$;
test2_stack()->top->pre_filter(\&mark_pending) if %pending;

sub binary { return $ENV{HANZO_BIN} // './hanzo-datastore' }
sub source { return $ENV{HANZO_SRC} // '.' }

# The assertions of this scenario that pending.list names.
sub pending_names {
	my ($script) = $0 =~ m{([^/]+)$};
	return map { m{^t/\Q$script\E\s+(.*\S)} ? $1 : () } split /\n/, slurp(source() . '/regress/pending.list') // '';
}

# Every event of the test passes here: what is pending may fail.
sub mark_pending {
	my ($hub, $event) = @_;
	return $event if !$event->isa('Test2::Event::Ok') || !defined $event->name || !$pending{ $event->name };
	$pending{ $event->name } = $event->pass && $pending{ $event->name } ne 'failed' ? 'passed' : 'failed';
	$event->set_todo('pending');
	$event->add_amnesty({ tag => uc 'todo', details => 'pending' });
	$event->set_effective_pass(1);
	return $event;
}

# True in builds that run under a sanitizer: memory and time limits do not hold there.
sub sanitized { return scalar run_command(binary(), '--version') =~ /fsanitize/ }

sub free_port {
	my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 1) or die "no free port: $!";
	return $socket->sockport;
}

sub slurp {
	my ($path) = @_;
	open my $f, '<:raw', $path or return undef;
	local $/;
	return scalar <$f>;
}

# True as soon as the condition holds; false after the seconds.
sub poll_until {
	my ($condition, $seconds, $what) = @_;
	my $end = time + $seconds;
	while (1) {
		my $got = $condition->();
		return $got if $got;
		last if time > $end;
		select undef, undef, undef, 0.02;
	}
	diag("waited $seconds s for " . ($what // 'a condition'));
	return 0;
}

# Runs a command to its end; input may be given as {stdin => …, timeout => s} in front. (stdout, stderr, status)
sub run_command {
	my $opt = ref $_[0] eq 'HASH' ? shift : {};
	my $err = gensym;
	my $pid = open3(my $in, my $out, $err, @_);
	binmode $_ for $in, $out, $err;
	my ($stdout, $stderr, $stdin) = ('', '', $opt->{stdin} // '');
	local $SIG{PIPE} = 'IGNORE';
	$in->blocking(0);
	my $readers = IO::Select->new($out, $err);
	my $end = time + ($opt->{timeout} // 60);
	close $in if $stdin eq '';
	while ($readers->count) {
		if ($stdin ne '') {
			my $n = syswrite $in, $stdin, 65536;
			$stdin = substr $stdin, $n if $n;
			$stdin = '' if !defined $n && !$!{EAGAIN};
			close $in if $stdin eq '';
		}
		for my $h ($readers->can_read($stdin ne '' ? 0.01 : 0.5)) {
			my $n = sysread $h, my $chunk, 65536;
			$readers->remove($h), next if !$n;
			if ($h == $out) { $stdout .= $chunk } else { $stderr .= $chunk }
		}
		if (time > $end) {
			kill 'KILL', $pid;
			$stderr .= "\n(killed: no end in time)\n";
			last;
		}
	}
	waitpid $pid, 0;
	my $status = $? >> 8 | ($? & 127 ? 128 + ($? & 127) : 0);
	chomp $stdout;
	return wantarray ? ($stdout, $stderr, $status) : $stdout;
}

sub new {
	my ($class, %opt) = @_;
	my $out = $ENV{HANZO_OUT} // 'regress-out';
	make_path($out);
	my ($script) = $0 =~ m{([^/]+?)(?:\.t)?$};
	my $base = abs_path($out) . "/$script." . $$ . '.' . ++$count;
	my $self = bless {
		dir => $opt{dir} // "$base.data", log => "$base.log", own_dir => !defined $opt{dir},
		args => $opt{args} // [], env => $opt{env} // {}, seconds => $opt{seconds} // 30,
		pg => $opt{pg_port} // free_port(), http => $opt{http_port} // free_port(),
		native => $opt{native} ? free_port() : 0,
	}, $class;
	unlink $self->{log};
	remove_tree($self->{dir}) if $self->{own_dir};
	return $self;
}

# Starts and waits until it accepts; dies where it does not. try_start gives false instead.
sub start {
	my ($self) = @_;
	$self->try_start or die "server did not start: see $self->{log}\n";
	return $self;
}

sub try_start {
	my ($self) = @_;
	make_path($self->{dir});
	local $^F = 1000;       # the pipe's end outlives exec
	pipe my $ready, my $signal or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		close $ready;
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', $self->{log};
		open STDERR, '>&', \*STDOUT;
		$ENV{$_} = $self->{env}{$_} for keys %{ $self->{env} };
		exec(binary(), 'server', '--path', $self->{dir}, '--listen', '127.0.0.1', '--pg-port', $self->{pg}, '--http-port',
			$self->{http}, '--native-port', $self->{native}, '--ready-fd', fileno $signal, @{ $self->{args} }) or POSIX::_exit(127);
	}
	close $signal;
	my $got = IO::Select->new($ready)->can_read($self->{seconds}) ? sysread $ready, my $byte, 1 : 0;
	$self->{pid} = $pid;
	$self->{asked} = !$got;    # one that does not start is the caller's business
	push @alive, $self if !grep { $_ == $self } @alive;
	return 1 if $got;
	$self->kill9;
	return 0;
}

# Takes the status of a server that has ended.
sub reap {
	my ($self, $flags) = @_;
	return if !$self->{pid} || waitpid($self->{pid}, $flags) != $self->{pid};
	$self->{status} = $?;
	$self->{pid} = 0;
	return;
}

# One that ended without being asked to is a failure of the scenario, whatever its assertions say.
sub alive {
	my ($self) = @_;
	return 0 if !$self->{pid};
	$self->reap(WNOHANG);
	$self->{died} = $self->{status} if !$self->{pid} && !$self->{asked};
	return $self->{pid} != 0;
}

# SIGTERM; the wait status, or undef where it had to be killed.
sub stop {
	my ($self) = @_;
	return $self->{died} if !$self->alive;
	$self->{asked} = 1;
	kill 'TERM', $self->{pid};
	poll_until(sub { !$self->alive }, 30, 'the server to stop') or $self->kill9, return undef;
	$self->{died} = $self->{status} if $self->{status};
	return $self->{status};
}

sub kill9 {
	my ($self) = @_;
	return if !$self->alive;
	$self->{asked} = 1;
	kill 'KILL', $self->{pid};
	$self->reap(0);
	return;
}

sub restart {
	my ($self) = @_;
	$self->stop;
	return $self->start;
}

sub pg_port { return $_[0]{pg} }
sub http_port { return $_[0]{http} }
sub native_port { return $_[0]{native} }    # where new(native => 1) asked for one
sub log_text { return slurp($_[0]{log}) // '' }
sub conninfo { return "host=127.0.0.1 port=$_[0]{pg} user=default dbname=default sslmode=disable" }

# Resident kilobytes.
sub rss_kb { return (slurp("/proc/$_[0]{pid}/status") // '') =~ /^VmRSS:\s+(\d+)/m ? $1 : 0 }

sub psql {
	my ($self, $sql, %opt) = @_;
	my @command = ('psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose',
		'-d', $opt{conninfo} // $self->conninfo, @{ $opt{args} // [] });
	push @command, '-c', $sql if defined $sql && !$opt{script};
	my @got = run_command({ stdin => $opt{script} ? $sql : $opt{stdin}, timeout => $opt{timeout} }, @command);
	diag($got[1]) if !wantarray && $got[2];
	return wantarray ? @got : $got[0];
}

# POSTs a statement; other pairs go into the address. List: (status, body, head); scalar: the body without its last LF.
sub http {
	my ($self, $sql, %args) = @_;
	my $encode = sub { my $s = shift; $s =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge; $s };
	my $path = '/?' . join '&', map { "$_=" . $encode->($args{$_}) } sort keys %args;
	my @got = $self->curl('--data-binary', '@-', $path, { stdin => $sql });
	return wantarray ? @got : $got[1] =~ s/\n\z//r;
}

# curl with the server's address in front of an argument that begins with "/"; (status, body, head).
sub curl {
	my ($self, @args) = @_;
	my $opt = ref $args[-1] eq 'HASH' ? pop @args : {};
	@args = map { m{^/} ? "http://127.0.0.1:$self->{http}$_" : $_ } @args;
	my $head = "$self->{log}.head";
	my ($body) = run_command($opt, 'curl', '-s', '-S', '-o', "$self->{log}.body", '-D', $head, '-w', '%{http_code}', '--max-time', 60, @args);
	return ($body + 0, slurp("$self->{log}.body") // '', slurp($head) // '');
}

sub client {
	my ($self, @args) = @_;
	my $opt = ref $args[0] eq 'HASH' ? shift @args : {};
	return run_command($opt, binary(), 'client', '--host', '127.0.0.1', '--port', $self->{http}, @args);
}

sub connect {
	my ($self, $port) = @_;
	return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp', Timeout => 5);
}

# Sends bytes and reads until the other side closes or the seconds are over.
sub raw {
	my ($self, $port, $bytes, $seconds) = @_;
	my $socket = $self->connect($port) or return undef;
	local $SIG{PIPE} = 'IGNORE';
	my ($got, $end) = ('', time + ($seconds // 5));
	syswrite $socket, $bytes;
	my $select = IO::Select->new($socket);
	while (time < $end && $select->can_read($end - time)) {
		sysread($socket, my $chunk, 65536) or last;
		$got .= $chunk;
	}
	return $got;
}

# Before Test::More's own END, which reads $?.
END {
	my $status = $?;
	if ($$ == $script_pid) {
		$status ||= 1 if grep { !$_->{asked} && !$_->alive || $_->{died} } @alive;
		diag("a server ended by itself or badly, wait status $_->{died}") for grep { $_->{died} } @alive;
		my @unseen = grep { $pending{$_} eq 'unseen' } sort keys %pending;
		diag("pending.list names no assertion of this scenario: $_") for @unseen;
		$status ||= 1 if @unseen && !sanitized();
		diag("its line in pending.list may go: $_") for grep { $pending{$_} eq 'passed' } sort keys %pending;
		end_servers($status);
	}
	$? = $status;
}

sub end_servers {
	my ($status) = @_;
	my $failed = $status || !Test::More->builder->is_passing;
	for my $s (@alive) {
		$s->kill9;
		diag("server log: $s->{log}") if $failed;
		remove_tree($s->{dir}) if $s->{own_dir} && !$failed;
	}
	return;
}

1;
