"""client.py - holds a conversation with an FTP server, and notes what happened.

Every step of a conversation leaves one note: a label and what was observed,
so that the notes of two servers can be laid side by side.
"""
import hashlib
import re
import socket
import ssl
import time

TIMEOUT = 30
# Of these replies the text counts, not only the number.
TEXT_COUNTS = ("257", "213")
LISTED = re.compile(r"^([-dlbcps][-rwxsStT]{9}) +(\d+) (\S+) +(\S+) +(\d+) "
                    r"(\w{3} [ \d]\d [ \d:]{5}) (.*)$")


class Closed(Exception):
    pass


class Client:
    def __init__(self, address="127.0.0.1", port=21):
        self.address, self.port = address, port
        self.notes = []
        self.sock = self.tls = self.context = None
        self.protected = False
        self.mode = "PASV"
        self.pending = b""
        self.extra = []

    def note(self, label, seen):
        self.notes.append((label, seen))

    # --- the control connection

    def connect(self, implicit=False):
        self.close()
        self.sock = socket.create_connection((self.address, self.port),
                                             TIMEOUT)
        self.pending, self.protected = b"", False
        if implicit:
            self.start_tls()
        return self.reply()

    def close(self):
        if self.sock is not None:
            self.sock.close()
        self.sock = None

    def start_tls(self, certificate=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        # Sessions of 1.3 come too late for a data connection.
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        if certificate is not None:
            self.context.load_cert_chain(certificate)
        self.sock = self.context.wrap_socket(self.sock)

    def line(self):
        while b"\n" not in self.pending:
            try:
                more = self.sock.recv(65536)
            except OSError as error:
                raise Closed from error
            if not more:
                raise Closed
            self.pending += more
        line, self.pending = self.pending.split(b"\n", 1)
        return line.rstrip(b"\r").decode("latin-1")

    def reply(self):
        """The text of a whole reply, or "closed"."""
        try:
            first = self.line()
            text = [first]
            if first[3:4] == "-":
                while not re.match(first[:3] + " ", text[-1]):
                    text.append(self.line())
            return "\n".join(text)
        except (Closed, AttributeError):
            return "closed"

    def send(self, command):
        try:
            self.sock.sendall(command.encode("latin-1") + b"\r\n")
        except (OSError, AttributeError):
            return "closed"
        return self.reply()

    @staticmethod
    def short(reply):
        # vsftpd's last words; they may come before or after the command.
        if reply == "closed" or reply.startswith("500 OOPS"):
            return "closed"
        if reply[:3] not in TEXT_COUNTS:
            return reply[:3]
        path = re.search(r'"(.*)"', reply)
        return f"{reply[:3]} {path.group(1) if path else reply[4:]}"

    # --- data connections

    def open_data(self):
        """A socket, a listening one, or the reply that refused it."""
        if self.mode in ("PORT", "EPRT"):
            server = socket.create_server((self.address, 0))
            server.settimeout(TIMEOUT)
            port = server.getsockname()[1]
            reply = self.send(
                f"EPRT |1|{self.address}|{port}|" if self.mode == "EPRT" else
                f"PORT {self.address.replace('.', ',')},"
                f"{port // 256},{port % 256}")
            return (server if reply[:1] == "2" else None), reply
        reply = self.send(self.mode)
        found = re.search(r"\|\|\|(\d+)\|", reply) if self.mode == "EPSV" \
            else re.search(r"(\d+,\d+,\d+,\d+),(\d+),(\d+)", reply)
        if found is None:
            return None, reply
        port = int(found.group(1)) if self.mode == "EPSV" else \
            int(found.group(2)) * 256 + int(found.group(3))
        try:
            return socket.create_connection((self.address, port),
                                            TIMEOUT), reply
        except OSError:
            return None, "no connection"

    def transfer(self, command, upload=None):
        """What the replies were, and the bytes that came."""
        data, reply = self.open_data()
        if data is None:
            return self.short(reply), b"", ""
        source = ""
        codes = [self.short(self.send(command))]
        got = b""
        if codes[0][:1] == "1":
            try:
                if self.mode in ("PORT", "EPRT"):
                    listening = data
                    data, peer = listening.accept()
                    listening.close()
                    data.settimeout(TIMEOUT)
                    if peer[1] < 1024:
                        source = f" from port {peer[1]}"
                got = self.move(data, upload)
            except OSError:
                codes.append("broken")
            codes.append(self.short(self.reply()))
        data.close()
        return " ".join(codes), got, source

    def move(self, data, upload):
        if self.protected:
            data = self.context.wrap_socket(data, session=self.sock.session)
        got = b""
        if upload is not None:
            data.sendall(upload)
        else:
            while more := data.recv(65536):
                got += more
        if self.protected:
            try:
                data = data.unwrap()
            except (OSError, ssl.SSLError):
                pass
        data.close()
        return got

    # --- steps: the words of a conversation

    def step(self, line):
        word, _, rest = line.partition(" ")
        method = getattr(self, "do_" + word, None)
        if method is not None:
            method(line, rest)
        else:
            self.note(line, self.short(self.send(line)))

    def do_connect(self, line, rest):
        self.note(line, self.connect(rest == "implicit")[:3])

    def do_http(self, line, rest):
        """The beginning of what a client of the web gets."""
        with socket.create_connection((self.address, self.port),
                                      TIMEOUT) as sock:
            sock.sendall(rest.encode("latin-1") + b"\r\n\r\n")
            self.note(line, sock.recv(4).decode("latin-1"))

    def do_greeting(self, line, rest):
        self.note(line, self.connect().replace("\r", ""))

    def do_login(self, line, rest):
        user, _, password = rest.partition(" ")
        seen = [self.connect()[:3]]
        seen.append(self.send("USER " + user)[:3])
        if seen[-1] == "331":
            seen.append(self.send("PASS " + password)[:3])
        self.note(line, " ".join(s if s != "clo" else "closed" for s in seen))

    def do_timed(self, line, rest):
        """A login, and whether it took a second."""
        began = time.monotonic()
        self.do_login(line, rest)
        if time.monotonic() - began > 0.9:
            self.notes.append((line + " time", "slow"))

    def do_stall(self, line, rest):
        """An upload that stops: its end, and that of the session."""
        data, reply = self.open_data()
        codes = [self.short(self.send("STOR " + rest))]
        data.sendall(b"begin")
        codes += [self.short(self.reply()), self.short(self.send("NOOP"))]
        data.close()
        self.note(line, " ".join(codes))

    def do_unconnected(self, line, rest):
        """A passive data connection that nobody opens."""
        self.send("PASV")
        codes = [self.short(self.send("RETR " + rest))]
        if codes[0][:1] == "1":
            codes.append(self.short(self.reply()))
        self.note(line, " ".join(codes))

    def do_user(self, line, rest):
        user, _, password = rest.partition(" ")
        seen = [self.send("USER " + user)]
        if seen[-1][:3] == "331":
            seen.append(self.send("PASS " + password))
        self.note(line, " ".join(self.short(s) for s in seen))

    def do_tls(self, line, rest):
        reply = self.send("AUTH TLS")
        seen = self.short(reply)
        if reply[:3] == "234":
            try:
                self.start_tls(rest or None)
            except (OSError, ssl.SSLError):
                seen += " no handshake"
        self.note(line, seen)

    def do_protect(self, line, rest):
        codes = [self.short(self.send("PBSZ 0")),
                 self.short(self.send("PROT P"))]
        self.protected = codes[1] == "200"
        self.note(line, " ".join(codes))

    def do_mode(self, line, rest):
        self.mode = rest

    def do_address(self, line, rest):
        reply = self.send("PASV")
        found = re.search(r"\((\d+,\d+,\d+,\d+),(\d+),(\d+)", reply)
        self.note(line, f"227 {found.group(1)}" if found else
                  self.short(reply))

    def do_port(self, line, rest):
        """Is the passive port in this range?"""
        low, high = (int(n) for n in rest.split("-"))
        found = re.search(r",(\d+),(\d+)\)", self.send("PASV"))
        port = int(found.group(1)) * 256 + int(found.group(2)) if found else 0
        self.note(line, "in range" if low <= port <= high else "out of range")

    def do_get(self, line, rest):
        began = time.monotonic()
        codes, got, source = self.transfer("RETR " + rest)
        slow = " slow" if time.monotonic() - began > 1.4 and \
            len(got) > 200000 else ""
        text = repr(got) if len(got) < 80 else \
            f"{len(got)} {hashlib.sha256(got).hexdigest()[:12]}"
        self.note(line, f"{codes}: {text}{source}{slow}" if got else codes)

    def do_put(self, line, rest):
        self.upload(line, "STOR", rest)

    def do_append(self, line, rest):
        self.upload(line, "APPE", rest)

    def upload(self, line, command, rest):
        name, _, text = rest.partition(" = ")
        data = text.encode("latin-1").replace(b"\\r", b"\r").replace(
            b"\\n", b"\n")
        self.note(line, self.transfer(f"{command} {name}", data)[0])

    def do_unique(self, line, rest):
        self.note(line, self.transfer("STOU " + rest, b"unique")[0])

    def do_list(self, line, rest):
        codes, got, source = self.transfer(("LIST " + rest).strip())
        self.note(line, codes + source)
        names = []
        for entry in got.decode("latin-1").splitlines():
            found = LISTED.match(entry)
            if found is None:
                if entry:
                    names.append(f"? {entry}")
                continue
            mode, links, user, group, size, when, name = found.groups()
            names.append(name)
            self.note(f"{line} > {name}", f"{mode} {links} {user} {group} "
                      f"{size} {self.general(when)}")
        self.note(f"{line} names", "\n".join(names))

    def do_names(self, line, rest):
        codes, got, source = self.transfer(("NLST " + rest).strip())
        self.note(line, codes + source)
        self.note(f"{line} names", "\n".join(
            got.decode("latin-1").split("\r\n")))

    @staticmethod
    def general(when):
        """The time of a file made just now, in UTC or in local time.  The day
        of the month has a 0 in vsftpd, a blank as in ls(1) in sureftpd."""
        when = re.sub(r" 0(\d )", r"  \1", when)
        now = time.time()
        for seconds in range(-240, 60, 20):
            for name, convert in (("now", time.gmtime),
                                  ("now (local)", time.localtime)):
                moment = convert(now + seconds)
                text = time.strftime("%b %e %H:%M", moment)
                if text == when:
                    return name
        return when

    def do_another(self, line, rest):
        try:
            sock = socket.create_connection((self.address, self.port),
                                            TIMEOUT)
            text = sock.recv(3).decode("latin-1")
        except OSError:
            text = ""
        self.extra.append(sock)
        self.note(line, text or "closed")

    def do_end(self, line, rest):
        """The others end."""
        for sock in self.extra:
            sock.close()
        self.extra = []
        time.sleep(0.3)

    def do_wait(self, line, rest):
        self.note(line, self.short(self.reply()))

    def do_stat(self, line, rest):
        reply = self.send("STAT " + rest)
        self.note(line, f"{reply[:3]} {len(reply.splitlines())} lines")

    def do_text(self, line, rest):
        self.note(line, self.send(rest).replace("\r", ""))

    def do_features(self, line, rest):
        self.note(line, "\n".join(sorted(
            self.send("FEAT").splitlines())))

    def play(self, lines):
        for line in lines:
            self.step(line)
        for sock in self.extra:
            sock.close()
        if self.sock is not None:
            self.send("QUIT")
        self.close()
        return self.notes
