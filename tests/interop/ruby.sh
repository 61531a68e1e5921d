#!/bin/sh
# ruby.sh - Ruby's Net::FTP, which resumes with the newest ticket of its
# control connection: with TLS and without, passive and active.
world_options=-t
. "${0%/*}/common"
need ruby

cat >client.rb <<'END'
require "net/ftp"
require "openssl"

versions = { "TLSv1.2" => OpenSSL::SSL::TLS1_2_VERSION,
  "TLSv1.3" => OpenSSL::SSL::TLS1_3_VERSION }
authority, version, mode, what, name = ARGV
ftp = Net::FTP.new("ec.example", username: "anna", password: "anna-pass",
  open_timeout: 30, read_timeout: 30, passive: mode == "passive",
  ssl: version == "plain" ? false :
    { ca_file: authority, max_version: versions.fetch(version) })
ftp.mkdir(name) if what == "put"
File.readlines("directories", chomp: true).each do |directory|
  ftp.mkdir("#{name}/#{directory}") if what == "put"
end
File.readlines("files", chomp: true).each do |file|
  if what == "put"
    ftp.putbinaryfile("tree/#{file}", "#{name}/#{file}")
  else
    ftp.getbinaryfile("tree/#{file}", "#{name}/#{file}")
  end
end
raise "no tree" unless ftp.nlst.include?("tree")
raise "no file" unless ftp.mlsd("tree").any? { |e| e.pathname == "big" }
ftp.quit
ftp.close
END

for mode in passive active; do
	trees $mode ruby client.rb $authority plain $mode
	for version in TLSv1.2 TLSv1.3; do
		trees $version-$mode ruby client.rb $authority $version $mode
		check "$version, $mode: every data connection was resumed" \
			resumed $version
	done
done
finish
