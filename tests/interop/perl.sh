#!/bin/sh
# perl.sh - Perl's Net::FTP with IO::Socket::SSL: unchanged, when it looks for
# the session under the data connection's address (libnet 3.14), cannot resume
# and needs session_reuse = prefer; and with the right name set.
world_options='-t
-o
tls.session_reuse_for=127.0.0.2/32 prefer'
. "${0%/*}/common"
need perl
if ! perl -MIO::Socket::SSL -e 1 2>/dev/null; then
	skip "IO::Socket::SSL is not installed"
	finish
fi

cat >client.pl <<'END'
use strict;
use warnings;
use Net::FTP;

my ($authority, $version, $kind, $what, $name) = @ARGV;
IO::Socket::SSL::set_client_defaults(SSL_session_key => "ec.example")
	if $kind eq "resume";
my $ftp = Net::FTP->new("ec.example", Timeout => 30, Passive => 1,
	LocalAddr => $kind eq "prefer" ? "127.0.0.2" : "127.0.0.1",
	SSL_ca_file => $authority,
	SSL_version => $version eq "TLSv1.2" ? "TLSv1_2" : "TLSv1_3")
	or die $@;

sub must {
	my ($done, $what) = @_;
	return $done if $done;
	die "$what: " . $ftp->message;
}

sub lines {
	open(my $list, "<", $_[0]) or die "$_[0]: $!";
	chomp(my @lines = <$list>);
	return @lines;
}

must($ftp->starttls, "AUTH TLS");
must($ftp->login("anna", "anna-pass"), "login");
must($ftp->prot("P"), "PROT P");
must($ftp->binary, "TYPE I");
if ($what eq "put") {
	must($ftp->mkdir($_), "MKD") for $name, map "$name/$_",
		lines("directories");
}
for my $file (lines("files")) {
	if ($what eq "put") {
		must($ftp->put("tree/$file", "$name/$file"), "STOR $file");
	} else {
		must($ftp->get("tree/$file", "$name/$file"), "RETR $file");
	}
}
if ($what eq "put") {
	my $unique = must($ftp->put_unique("tree/bytes", "$name/u"), "STOU");
	must($ftp->delete("$name/$unique"), "DELE $unique, from STOU");
}
must(scalar(grep($_ eq "tree", $ftp->ls)), "NLST");
must(scalar(grep(/big$/, $ftp->dir("tree"))), "LIST");
must($ftp->quit, "QUIT");
END

for version in TLSv1.2 TLSv1.3; do
	move_trees $version perl client.pl $authority $version resume
done
perl client.pl $authority TLSv1.3 require get down >said 2>&1 </dev/null
check "as it is, it is told why" log_has "reply: 522"
check "prefer: up" perl client.pl $authority TLSv1.3 prefer put prefer
same "prefer up" tree "$home/prefer"
finish
