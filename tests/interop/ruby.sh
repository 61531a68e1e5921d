#!/bin/sh
# ruby.sh - Ruby's Net::FTP, which resumes with the newest ticket of its
# control connection.
world_options=-t
. "${0%/*}/common"
need ruby

cat >client.rb <<'END'
require "net/ftp"

authority, version, what, name = ARGV
ftp = Net::FTP.new("ec.example", username: "anna", password: "anna-pass",
  open_timeout: 30, read_timeout: 30,
  ssl: { ca_file: authority, max_version:
    version == "TLSv1.2" ? OpenSSL::SSL::TLS1_2_VERSION :
    OpenSSL::SSL::TLS1_3_VERSION })
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

for version in TLSv1.2 TLSv1.3; do
	move_trees $version ruby client.rb $authority $version
done
finish
