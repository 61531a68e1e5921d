"""world.py - accounts, files and the two servers of a comparison.

Runs inside the private world of world_run: /etc, /home, /run and /var/log are
its own, and so is the loopback interface.
"""
import glob
import hashlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time

PEER = "/run/world/build/peers/vsftpd"
SUREFTPD = "/run/world/sureftpd"
CONF = "/etc/vsftpd.conf"
CONFIG = "/etc/sureftpd/sureftpd.conf"
OLD = 1577934240		# 2020-01-02 03:04 UTC
SUMMER = 1593597600		# 2020-07-01 10:00 UTC
LOGS = ("/var/log/vsftpd.log", "/var/log/xferlog",
        "/var/log/vsftpd.log.protocol")

ACCOUNTS = """\
ftp:x:990:990::/home/ftp:/usr/sbin/nologin
virtual:x:991:991::/home/virtual/$USER:/usr/sbin/nologin
owner:x:992:992::/nonexistent:/usr/sbin/nologin
mirror:x:993:993::/home/mirror:/usr/sbin/nologin
split:x:1020:1020::/home/split/./web:/bin/bash
"""

SERVICES = {
    "vsftpd": "auth required pam_unix.so nullok nodelay\n"
              "account required pam_unix.so\n"
              "session required pam_permit.so\n",
    # As with pam_userdb: the names are no accounts, the password is "guest".
    "guests": "auth required /run/world/pam_played.so ask=Password: "
              "is=guest\naccount required pam_permit.so\n"
              "session required pam_permit.so\n",
}


def write(path, text, mode=0o644, owner=None, when=OLD):
    with open(path, "wb") as file:
        file.write(text.encode("latin-1"))
    os.chmod(path, mode)
    if owner is not None:
        os.chown(path, owner, owner)
    os.utime(path, (when, when))


def make(path, mode=0o755, owner=0):
    os.makedirs(path, exist_ok=True)
    os.chmod(path, mode)
    os.chown(path, owner, owner)


def prepare():
    """Once: the accounts that accounts.h does not have, and PAM services."""
    with open("/etc/passwd", "a") as file:
        file.write(ACCOUNTS)
    with open("/etc/group", "a") as file:
        file.write("ftp:x:990:\nvirtual:x:991:\nowner:x:992:\n"
                   "mirror:x:993:\n"
                   "split:x:1020:\n")
    with open("/etc/shadow") as file:
        line = next(x for x in file if x.startswith("anna:"))
    with open("/etc/shadow", "a") as file:
        file.write(line.replace("anna:", "split:", 1))
    for name, text in SERVICES.items():
        write(f"/etc/pam.d/{name}", text)
    make("/run/vsftpd/empty")


def fill_home(home, uid):
    make(home, 0o755, uid)
    write(f"{home}/readme.txt", "line one\nline two\n", 0o644, uid)
    write(f"{home}/.hidden", "hidden\n", 0o644, uid)
    write(f"{home}/private.key", "key\n", 0o600, uid)
    write(f"{home}/old.bak", "old\n", 0o644, uid)
    write(f"{home}/two words.txt", "words\n", 0o644, uid)
    write(f"{home}/script.sh", "#!/bin/sh\n", 0o755, uid)
    write(f"{home}/summer.txt", "summer\n", 0o644, uid, SUMMER)
    write(f"{home}/root.txt", "root\n", 0o600, 0)
    write(f"{home}/crlf.txt", "a\r\nb\r\n", 0o644, uid)
    write(f"{home}/large", "0123456789abcdef" * 16000, 0o644, uid)
    os.symlink("readme.txt", f"{home}/link")
    os.symlink("/etc", f"{home}/out")
    for name in ("sub", "empty", "web", "incoming"):
        make(f"{home}/{name}", 0o755, uid)
    write(f"{home}/sub/inner.txt", "inner\n", 0o644, uid)
    write(f"{home}/sub/.message", "Welcome to sub.\n", 0o644, uid)
    make(f"{home}/sub/deep", 0o755, uid)
    write(f"{home}/sub/deep/est.txt", "deepest\n", 0o644, uid)
    write(f"{home}/web/index.html", "<html>\n", 0o644, uid)
    make(f"{home}/locked", 0o555, 0)


def fill_anonymous(home):
    make(home)
    write(f"{home}/readme.txt", "public\n")
    write(f"{home}/secret.txt", "secret\n", 0o600, 990)
    write(f"{home}/.message", "Welcome.\n")
    write(f"{home}/large", "0123456789abcdef" * 16000)
    make(f"{home}/pub")
    write(f"{home}/pub/file.txt", "file\n")
    make(f"{home}/incoming", 0o777)
    write(f"{home}/incoming/there.txt", "there\n", 0o644, 990)
    make(f"{home}/closed", 0o700, 990)
    write(f"{home}/closed/in.txt", "in\n")


# For patterns of names.
NAMES = ("abc", "abd", "xabc", "abcx", "a.c", "ac", "a{b", "b", "bak",
         "old.bak", "old.bak.gz", ".htaccess", "a,b", "a[b]c", "ABC", "a}")


def fill():
    """The same files again, for each server."""
    for name in os.listdir("/home"):
        shutil.rmtree(f"/home/{name}")
    fill_home("/home/anna", 1001)
    fill_home("/home/bert", 1002)
    fill_home("/home/split/web", 1020)
    make("/home/split", 0o755, 1020)
    fill_anonymous("/home/ftp")
    fill_anonymous("/home/mirror")
    make("/home/virtual")
    fill_home("/home/virtual/gus", 991)
    fill_home("/home/virtual/gil", 991)
    make("/home/virtual/gus@example.org", 0o755, 991)
    write("/home/virtual/gus@example.org/whose.txt", "gus of a domain")
    for name, uid in (("carl", 1003), ("eve", 1005), ("gina", 1007)):
        make(f"/home/{name}", 0o755, uid)
    make("/home/web")
    fill_home("/home/web/anna", 1001)
    fill_home("/home/web/bert", 1002)
    for name in ("bert", "virtual/gil", "web/bert", "mirror"):
        write(f"/home/{name}/whose.txt", name)
    make("/home/names")
    for name in NAMES:
        write(f"/home/names/{name}", name)
    for directory, names, files in os.walk("/home"):
        os.utime(directory, (OLD, OLD))
    # What an earlier configuration has written.
    shutil.rmtree("/etc/vsftpd_users", ignore_errors=True)
    for path in (*LOGS, "/etc/hosts.deny", *glob.glob("/etc/vsftpd.*")):
        if os.path.exists(path) and path != CONF:
            os.unlink(path)


def facts(path, began):
    st = os.lstat(path)
    text = f"{stat.filemode(st.st_mode)} {st.st_uid}:{st.st_gid}"
    if stat.S_ISLNK(st.st_mode):
        return f"{text} -> {os.readlink(path)}"
    when = "new" if st.st_mtime >= began - 2 else \
        time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(st.st_mtime))
    if stat.S_ISDIR(st.st_mode):
        return text
    with open(path, "rb") as file:
        data = file.read()
    shown = repr(data) if len(data) < 60 else \
        hashlib.sha256(data).hexdigest()[:12]
    return f"{text} {when} {shown}"


def tree(began):
    """Every file: what is to be compared of it."""
    found = {}
    for directory, names, files in os.walk("/home"):
        for name in names + files:
            path = f"{directory}/{name}"
            found[path] = facts(path, began)
    return found


def log_lines(path):
    """Without what two servers cannot have in common."""
    if not os.path.exists(path):
        return None
    with open(path, encoding="latin-1") as file:
        text = file.read()
    text = re.sub(r"(?m)^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4} ", "", text)
    text = re.sub(r"\[pid +\d+\] ", "", text)
    text = re.sub(r"[\d.]+Kbyte/sec", "RATE", text)
    # xferlog begins with the seconds that it took.
    return re.sub(r"(?m)^\d+ (127|::)", r"- \1", text).splitlines()


def logs():
    return {path: log_lines(path) for path in LOGS}


def libraries():
    return ":".join(glob.glob(f"{PEER}/lib/*-linux-*") +
                    glob.glob(f"{PEER}/usr/lib/*-linux-*"))


def listens(port):
    wanted = f":{port:04X} "
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(path) as file:
            for line in file:
                fields = line.split()
                if fields[1].endswith(wanted.strip()) and fields[3] == "0A":
                    return True
    return False


def running(program):
    """The processes of a program that have left their first one."""
    for path in glob.glob("/proc/[0-9]*/exe"):
        try:
            parent = re.search(r"\) \S (\d+)", open(
                f"{path[:-4]}/stat").read()).group(1)
            if os.path.samefile(path, program) and \
                    parent in ("1", str(os.getpid())):
                yield int(path.split("/")[2])
        except OSError:
            pass


class Syslog:
    """What is written to /dev/log, without priority, time and process."""

    def __init__(self):
        self.got, self.socket = [], None

    def start(self):
        if self.socket is not None:
            return
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("/dev/log")
        os.chmod("/dev/log", 0o666)
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self):
        while True:
            self.got.append(self.socket.recv(8192).decode("latin-1"))

    def lines(self):
        time.sleep(0.2)
        got, self.got = self.got, []
        return [re.sub(r"^<\d+>\w{3} [ \d]\d [\d:]{8} (\w+)\[\d+\]", r"\1",
                       re.sub(r"[\d.]+Kbyte/sec", "RATE", line)).rstrip("\n")
                for line in got]


syslog = Syslog()


class Server:
    """One of the two, from its start until it has ended."""

    def __init__(self, argv, port, environment=None):
        self.port, self.program = port, argv[0]
        self.output = open("/run/world/output", "w+")
        self.process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=self.output,
            stderr=self.output, env={**os.environ, **(environment or {})},
            start_new_session=True)

    def wait(self, background=False):
        """Does it listen?  In the background the first process ends."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            status = self.process.poll()
            if status is not None and (status != 0 or not background):
                return False
            if listens(self.port):
                return True
            time.sleep(0.01)
        return False

    def said(self):
        self.output.seek(0)
        return self.output.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        for pid in running(self.program):
            os.kill(pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def start_vsftpd(path, port):
    return Server([f"{PEER}/usr/sbin/vsftpd", path], port,
                  {"LD_LIBRARY_PATH": libraries()})


def start_sureftpd(port):
    return Server([SUREFTPD, "-C", CONFIG], port)


def convert(path):
    """Exit status and report of the import; the configuration is CONFIG."""
    done = subprocess.run(
        [SUREFTPD, "--import-vsftpd", "-O", CONFIG, "--force",
         "--report=json", "--build=debian", path],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    return done.returncode, done.stderr.decode("latin-1")


def check():
    done = subprocess.run([SUREFTPD, "--check", "-C", CONFIG],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60)
    return done.returncode, (done.stdout + done.stderr).decode("latin-1")
