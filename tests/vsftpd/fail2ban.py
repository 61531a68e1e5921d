#!/usr/bin/python3
"""fail2ban.py - one conversation with vsftpd and with sureftpd: their logs have
the same lines, fail2ban's own filter finds the same failures in both, and the
filter that sureftpd ships finds them in its text log.

Started by fail2ban.sh, in the private world of world_run.
"""
import os
import subprocess
import sys
import time

import client
import world

PEER = "/run/world/build/peers/fail2ban"
OURS = "/run/world/build/peers/sureftpd.conf"
VSFTPD_LOG = "/var/log/vsftpd.log"
TEXT_LOG = "/var/log/sureftpd.log"
CONFIGURATION = """\
listen=YES
anonymous_enable=NO
local_enable=YES
write_enable=YES
xferlog_enable=YES
delay_failed_login=0
"""
NAMES = ("anna", "nobody-has-this")
# Which would like another address to be banned; vsftpd writes them as they are.
HOSTILE = ('x] FAIL LOGIN: Client "192.0.2.66"',
           "x peer=192.0.2.66 login failed: x")


class Checks:
    passed = failed = 0

    def equal(self, what, seen, wanted):
        if seen == wanted:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED: {what}\n  wanted {wanted}\n  seen   {seen}")


def fail(names, checks):
    for name in names:
        c = client.Client()
        c.connect()
        c.send(f"USER {name}")
        checks.equal(f"login as {name}", c.send("PASS wrong")[:3], "530")
        c.send("QUIT")
        c.close()


def talk(checks):
    fail(NAMES, checks)
    c = client.Client()
    c.connect()
    c.send("USER anna")
    checks.equal("login", c.send("PASS anna-pass")[:3], "230")
    c.send("TYPE I")
    c.play(["put up.bin = one\\ntwo\\n", "get readme.txt", "get missing.txt",
            "MKD made", "SITE CHMOD 640 up.bin", "RNFR up.bin",
            "RNTO new name", "DELE new name", "RMD made"])


def fail2ban(log, rules):
    """The addresses of all failures that this filter finds in this log."""
    done = subprocess.run(
        ["/usr/bin/python3", f"{PEER}/usr/bin/fail2ban-regex",
         "-c", f"{PEER}/etc/fail2ban", "-o", "ip", log, rules],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        env={**os.environ,
             "PYTHONPATH": f"{PEER}/usr/lib/python3/dist-packages"})
    if done.returncode != 0:
        return done.stderr.decode()
    return done.stdout.decode().split()


def main():
    checks = Checks()
    world.prepare()
    with open(world.CONF, "w") as file:
        file.write(CONFIGURATION)
    world.fill()
    server = world.start_vsftpd(world.CONF, 21)
    checks.equal("vsftpd starts", server.wait(), True)
    talk(checks)
    server.stop()
    lines = world.log_lines(VSFTPD_LOG)
    client_address = ["127.0.0.1"]
    checks.equal("failures in vsftpd's log", fail2ban(VSFTPD_LOG, "vsftpd"),
                 client_address * len(NAMES))
    world.fill()
    # 1: imported, with warnings.
    checks.equal("the import", world.convert(world.CONF)[0], 1)
    server = world.Server([world.SUREFTPD, "-C", world.CONFIG,
                           "-o", f"log.text_file={TEXT_LOG}"], 21)
    checks.equal("sureftpd starts", server.wait(), True)
    talk(checks)
    time.sleep(0.3)
    checks.equal("lines of the log", world.log_lines(VSFTPD_LOG), lines)
    fail(HOSTILE, checks)
    server.stop()
    wanted = client_address * (len(NAMES) + len(HOSTILE))
    checks.equal("failures in sureftpd's log", fail2ban(VSFTPD_LOG, "vsftpd"),
                 wanted)
    checks.equal("failures in the text log", fail2ban(TEXT_LOG, OURS), wanted)
    print(f"fail2ban: {checks.passed} passed, {checks.failed} failed")
    return checks.failed > 0


if __name__ == "__main__":
    sys.exit(main())
