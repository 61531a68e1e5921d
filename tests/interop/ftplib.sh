#!/bin/sh
# ftplib.sh - Python's ftplib: single files, MLSD, every data connection.
. "${0%/*}/common"
need python3

cat >client.py <<'END'
import ftplib, os, sys

def connect(passive):
    ftp = ftplib.FTP("127.0.0.1", "anna", "anna-pass", timeout=30)
    ftp.set_pasv(passive)
    return ftp

def put_tree(ftp, here, there):
    ftp.mkd(there)
    for entry in sorted(os.scandir(here), key=lambda e: e.name):
        path = there + "/" + entry.name
        if entry.is_dir():
            put_tree(ftp, entry.path, path)
            continue
        with open(entry.path, "rb") as file:
            ftp.storbinary("STOR " + path, file)

def get_tree(ftp, there, here):
    os.mkdir(here)
    for name, facts in list(ftp.mlsd(there)):
        path = there + "/" + name
        if facts["type"] == "dir":
            get_tree(ftp, path, os.path.join(here, name))
        elif facts["type"] == "file":
            with open(os.path.join(here, name), "wb") as file:
                ftp.retrbinary("RETR " + path, file.write)
            assert int(facts["size"]) == ftp.size(path)

def lines(ftp):
    with open("lines", "rb") as file:
        ftp.storlines("STOR lines", file)
    got = []
    ftp.retrlines("RETR lines", got.append)
    assert got == ["one", "", "two"], got

def calls(ftp):
    ftp.mkd("dir")
    assert ftp.cwd("dir").startswith("250")
    assert ftp.pwd().endswith("/dir"), ftp.pwd()
    ftp.cwd("..")
    ftp.rename("dir", "other")
    assert "other" in ftp.nlst()
    ftp.rmd("other")
    assert "other" not in ftp.nlst()
    ftp.voidcmd("NOOP")

def abort(ftp):
    data = ftp.transfercmd("RETR tree/big")
    data.recv(1000)
    ftp.abort()
    data.close()
    reply = ftp.getmultiline()
    while not reply.startswith("226"):
        reply = ftp.getmultiline()
    ftp.voidcmd("NOOP")

passive = sys.argv[2] != "active"
ftp = connect(passive)
what = sys.argv[1]
if what == "put":
    put_tree(ftp, "tree", sys.argv[2] + "-up")
elif what == "get":
    get_tree(ftp, "tree", sys.argv[2])
else:
    globals()[what](ftp)
ftp.quit()
END

printf 'one\n\ntwo\n' >lines
for mode in passive active; do
	check "$mode up" python3 client.py put $mode
	same $mode-up tree "$home/$mode-up"
	check "$mode down" python3 client.py get $mode
	same $mode tree $mode
done
check "lines" python3 client.py lines passive
check "lines are the host's" cmp lines "$home/lines"
check "directories and names" python3 client.py calls passive
check "abort" python3 client.py abort passive
finish
