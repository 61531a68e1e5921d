#!/bin/sh
# php.sh - PHP's ftp extension, which chooses neither version nor ticket: with
# TLS and without, passive and active.
world_options=-t
. "${0%/*}/common"
link_settings alternatives php
need php


cat >client.php <<'END'
<?php
function must($done, $what) {
	if ($done === false) {
		fwrite(STDERR, "$what failed\n");
		exit(1);
	}
	return $done;
}

[, $connect, $mode, $what, $name] = $argv;
$ftp = must($connect("ec.example", 21, 30), "connecting");
must(ftp_login($ftp, "anna", "anna-pass"), "logging in");
must(ftp_pasv($ftp, $mode == "passive"), "choosing the mode");
if ($what == "put")
	must(ftp_mkdir($ftp, $name), "MKD");
foreach (file("directories", FILE_IGNORE_NEW_LINES) as $directory)
	if ($what == "put")
		must(ftp_mkdir($ftp, "$name/$directory"), "MKD $directory");
foreach (file("files", FILE_IGNORE_NEW_LINES) as $file)
	if ($what == "put")
		must(ftp_put($ftp, "$name/$file", "tree/$file", FTP_BINARY),
			"STOR $file");
	else
		must(ftp_get($ftp, "$name/$file", "tree/$file", FTP_BINARY),
			"RETR $file");
must(in_array("tree", must(ftp_nlist($ftp, "."), "NLST")), "finding the tree");
must(in_array("big", array_column(must(ftp_mlsd($ftp, "tree"), "MLSD"),
	"name")), "finding a file");
must(ftp_close($ftp), "QUIT");
END

for mode in passive active; do
	trees $mode php client.php ftp_connect $mode
	for version in TLSv1.2 TLSv1.3; do
		trees $version-$mode env "$(openssl_at_most $version)" \
			php client.php ftp_ssl_connect $mode
		check "$version, $mode: every data connection was resumed" \
			resumed $version
	done
done
finish
