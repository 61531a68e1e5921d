# apparmor.py - logins, transfers and a refused login, each answered with a
# line.
import ftplib
import io
import ssl
import sys


class Tls(ftplib.FTP_TLS):
    # Data connections must resume the session of the control connection.
    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        return self.context.wrap_socket(
            conn, session=self.sock.session), size


def enter(kind, name, password):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client = kind(context=context) if kind is Tls else kind()
    client.connect("127.0.0.1", 21, timeout=60)
    client.login(name, password)
    if kind is Tls:
        client.prot_p()
    return client


def work(kind, name):
    got = []
    client = enter(kind, name, name + "-pass")
    client.storbinary("STOR put", io.BytesIO(b"content"))
    client.retrbinary("RETR put", got.append)
    client.retrlines("LIST", lambda line: None)
    client.mkd("folder")
    client.rename("put", "folder/put")
    client.delete("folder/put")
    client.rmd("folder")
    client.quit()
    return b"".join(got).decode()


for name in sys.argv[1:]:
    for kind in ftplib.FTP, Tls:
        try:
            print(name, work(kind, name))
        except (ftplib.Error, OSError, EOFError) as problem:
            print(name, repr(problem))
try:
    enter(ftplib.FTP, sys.argv[1], "wrong")
except ftplib.error_perm as problem:
    print(problem)
