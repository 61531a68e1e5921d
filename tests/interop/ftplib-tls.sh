#!/bin/sh
# ftplib-tls.sh - Python's FTP_TLS: unchanged, when it cannot resume and needs
# session_reuse = prefer; and extended to resume.
world_options='-t
-o
tls.session_reuse_for=127.0.0.2/32 prefer'
. "${0%/*}/common"
need python3

cat >client.py <<'END'
import ftplib, os, ssl, sys

class Resuming(ftplib.FTP_TLS):
    def ntransfercmd(self, cmd, rest=None):
        data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        data = self.context.wrap_socket(data, server_hostname=self.host,
                                        session=self.sock.session)
        assert data.session_reused
        return data, size

def connect(kind, version):
    context = ssl.create_default_context(cafile=sys.argv[4])
    context.maximum_version = version
    ftp = kind(context=context, timeout=30)
    # The server prefers resumption of this client, but does not insist.
    plain = kind is ftplib.FTP_TLS and sys.argv[3] == "prefer"
    ftp.connect("ec.example",
                source_address=("127.0.0.2" if plain else "127.0.0.1", 0))
    ftp.login("anna", "anna-pass")
    ftp.prot_p()
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

def rein_is_refused(ftp):
    try:
        ftp.voidcmd("REIN")
        raise AssertionError("the session was given up")
    except ftplib.error_perm as error:
        assert str(error).startswith("502"), error
        assert "reconnect" in str(error), error
    assert ftp.pwd() == "/home/anna", ftp.pwd()

kind = Resuming if sys.argv[3] == "resume" else ftplib.FTP_TLS
version = getattr(ssl.TLSVersion, sys.argv[2])
ftp = connect(kind, version)
name = sys.argv[3] + sys.argv[2]
if sys.argv[1] == "put":
    put_tree(ftp, "tree", name)
elif sys.argv[1] == "get":
    get_tree(ftp, "tree", name)
elif sys.argv[1] == "rein":
    for i in range(3):
        with open("client.py", "rb") as file:
            ftp.storbinary("STOR rein", file)
        rein_is_refused(ftp)
else:
    try:
        try:
            ftp.nlst()
        except ssl.SSLError:
            # The handshake failed; why is said on the control connection.
            ftp.voidresp()
    except ftplib.error_perm as error:
        assert str(error).startswith("522"), error
        assert "session_reuse" in str(error), error
    else:
        raise AssertionError("data without resumption")
ftp.quit()
END

for version in TLSv1_2 TLSv1_3; do
	for kind in resume prefer; do
		check "$version, $kind: up" \
			python3 client.py put $version $kind $authority
		same "$version $kind up" tree "$home/$kind$version"
		check "$version, $kind: down" \
			python3 client.py get $version $kind $authority
		same "$version $kind down" tree $kind$version
	done
	check "$version: REIN is refused, and the session goes on" \
		python3 client.py rein $version resume $authority
	check "$version: who cannot resume is told why" \
		python3 client.py refused $version require $authority
done
finish
