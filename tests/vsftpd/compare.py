#!/usr/bin/python3
"""compare.py [NAME-PATTERN] - vsftpd and sureftpd with the imported
configuration get the same conversations; what differs must stand in the list
of intended differences.

The configurations are in `configurations`, the conversations in `talks`, the
differences in `intended`, each with a description of its form.  Started by
compare.sh, in the private world of world_run.
"""
import collections
import fnmatch
import json
import os
import re
import sys
import time

import client
import world

HERE = os.path.dirname(os.path.abspath(__file__))
# What a configuration says nothing about: quick, silent towards others.
ALWAYS = {
    "listen": "YES", "xferlog_enable": "YES", "delay_failed_login": "0",
    "anonymous_enable": "NO", "user_sub_token": None,
}

Difference = collections.namedtuple("Difference", "config step theirs ours")


def lines_of(name):
    with open(f"{HERE}/{name}", encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line


class Configuration:
    def __init__(self, name, talks):
        self.name, self.talks = name, talks
        self.settings = []
        self.actions = []

    def value(self, key):
        values = [v for k, v in (s.split("=", 1) for s in self.settings)
                  if k == key]
        return values[-1] if values else None

    def is_on(self, key):
        return self.value(key) == "YES"

    def text(self):
        before = [f"{key}={value}" for key, value in ALWAYS.items()
                  if value is not None and self.value(key) is None and
                  not (key == "listen" and self.is_on("listen_ipv6"))]
        return "\n".join(before + self.settings) + "\n"

    def port(self):
        return int(self.value("listen_port") or "21")

    def prepare(self):
        for words, text in self.actions:
            if words[0] == "file":
                os.makedirs(os.path.dirname(words[1]), exist_ok=True)
                world.write(words[1], "".join(x + "\n" for x in text))
            elif words[0] == "mode":
                os.chmod(words[1], int(words[2], 8))
            elif words[0] == "remove":
                if os.path.exists(words[1]):
                    os.unlink(words[1])
            else:
                raise ValueError(f"{self.name}: @{words[0]}")


def read_configurations():
    found = []
    for line in lines_of("configurations"):
        if line[0] == ":":
            words = line[1:].split()
            found.append(Configuration(words[0], words[1:]))
        elif line[0] == "@":
            found[-1].actions.append((line[1:].split(), []))
        elif line[0] == "|":
            found[-1].actions[-1][1].append(line[1:])
        else:
            found[-1].settings.append(line)
    return found


def read_talks():
    talks = {}
    for line in lines_of("talks"):
        if line[0] == ":":
            lines = talks[line[1:].strip()] = []
        elif line.startswith("like "):
            lines.extend(talks[line[5:]])
        else:
            lines.append(line)
    return talks


class Intended:
    """One row: CONFIGURATION | STEP | VSFTPD | SUREFTPD | REASON"""

    def __init__(self, line):
        fields = [field.strip() for field in line.split(" | ")]
        if len(fields) != 5:
            raise ValueError(f"intended: {line}")
        self.line = line
        self.patterns, self.reason = fields[:4], fields[4]
        self.used = 0

    def covers(self, difference):
        return all(fnmatch.fnmatchcase(str(value), pattern)
                   for value, pattern in zip(difference, self.patterns))


def play(server, configuration, talks):
    """Everything that is compared, in order: label and observation."""
    seen = []
    if not server.wait(configuration.is_on("background")):
        server.stop()
        return [("start", "did not start")], server.said()
    began = time.time()
    for talk in configuration.talks:
        c = client.Client("::1" if configuration.is_on("listen_ipv6")
                          else "127.0.0.1", configuration.port())
        seen += [(f"{talk}: {label}", text)
                 for label, text in c.play(talks[talk])]
    # Sessions write their last lines after the client has gone.
    time.sleep(0.1)
    server.stop()
    for path, text in sorted(world.tree(began).items()):
        seen.append((f"file {path}", text))
    for path, lines in world.logs().items():
        seen.append((f"log {path}", "\n".join(lines or ["(none)"])))
    if configuration.is_on("syslog_enable"):
        seen.append(("log syslog", "\n".join(world.syslog.lines())))
    return seen, server.said()


def numbered(seen):
    """Labels that occur again get a number."""
    counts, result = collections.Counter(), {}
    for label, text in seen:
        counts[label] += 1
        again = f" ({counts[label]})" if counts[label] > 1 else ""
        result[label + again] = text
    return result


def differences(configuration, theirs, ours):
    theirs, ours = numbered(theirs), numbered(ours)
    found = []
    for label in list(theirs) + [x for x in ours if x not in theirs]:
        a, b = theirs.get(label, "(none)"), ours.get(label, "(none)")
        if a == b:
            continue
        if "\n" in a + b:
            found += line_differences(configuration, label, a, b)
        else:
            found.append(Difference(configuration.name, label, a, b))
    return len(set(theirs) | set(ours)), found


def line_differences(configuration, label, theirs, ours):
    """Of a text only the lines that the other has not."""
    a = collections.Counter(theirs.split("\n"))
    b = collections.Counter(ours.split("\n"))
    found = [Difference(configuration.name, label, line, "(no line)")
             for line in (a - b).elements()]
    found += [Difference(configuration.name, label, "(no line)", line)
              for line in (b - a).elements()]
    # Two processes of a session may write to the log at the same time.
    if not found and not label.startswith("log "):
        found = [Difference(configuration.name, label, "order", "order")]
    return found


def warnings(configuration, text):
    """Of --check, but for what the suite itself asks for."""
    for line in text.splitlines():
        found = re.search(r"warning: (.*)", line)
        if found and "failed_login_delay is 0" not in line:
            yield Difference(configuration.name, "--check", "(none)",
                             found.group(1))


def check_import(configuration):
    """What is wrong with the import itself, and the warnings of --check."""
    status, text = world.convert(world.CONF)
    if status not in (0, 1, 2):
        return [f"import ended with {status}: {text}"], []
    report = json.loads(text)
    wrong = []
    lines = sum(1 for e in report["entries"] if e.get("line", 0) > 0)
    read = sum(1 for x in configuration.text().splitlines() if "=" in x)
    if lines < read:
        wrong.append(f"{read} options read, {lines} accounted for")
    if report["options_read"] != lines:
        wrong.append(f"{report['options_read']} counted, {lines} accounted for")
    expected = 2 if report["faults"] else \
        1 if any(e["verdict"] in ("changed", "refused") and
                 not e["general"] for e in report["entries"]) else 0
    if status != expected:
        wrong.append(f"exit status {status}, not {expected}")
    status, text = world.check()
    warned = list(warnings(configuration, text))
    if status != 0:
        warned.append(Difference(configuration.name, "--check", "(none)",
                                 text.strip().splitlines()[-1]))
    return wrong, warned


def is_served(configuration):
    """Does vsftpd greet clients?"""
    server = world.start_vsftpd(world.CONF, configuration.port())
    if not server.wait():
        server.stop()
        return False
    c = client.Client("127.0.0.1", configuration.port())
    c.do_connect("connect", "")
    c.close()
    server.stop()
    return c.notes[0][1] == "220"


def compare_refused(configuration):
    """A configuration that vsftpd does not serve: 2 is the exit status."""
    with open(world.CONF, "w") as file:
        file.write(configuration.text())
    world.fill()
    configuration.prepare()
    wrong, warned = check_import(configuration)
    if is_served(configuration):
        wrong.append("vsftpd serves clients")
    status, _ = world.convert(world.CONF)
    if status != 2:
        wrong.append(f"exit status {status}, not 2")
    return 2, warned, wrong


def compare(configuration, talks):
    if configuration.talks == ["refused"]:
        return compare_refused(configuration)
    with open(world.CONF, "w") as file:
        file.write(configuration.text())
    if configuration.is_on("syslog_enable"):
        world.syslog.start()
    world.fill()
    configuration.prepare()
    theirs, said = play(world.start_vsftpd(world.CONF, configuration.port()),
                        configuration, talks)
    world.fill()
    configuration.prepare()
    wrong, warned = check_import(configuration)
    ours, own = play(world.start_sureftpd(configuration.port()),
                     configuration, talks)
    if theirs[0][1] == "did not start":
        wrong.append(f"vsftpd did not start: {said}")
    if ours[0][1] == "did not start":
        wrong.append(f"sureftpd did not start: {own}")
    if "did not start" in (theirs[0][1], ours[0][1]):
        return 0, [], wrong
    count, found = differences(configuration, theirs, ours)
    return count, found + warned, wrong


def main():
    pattern = sys.argv[1] if len(sys.argv) > 1 else "*"
    talks = read_talks()
    intended = [Intended(line) for line in lines_of("intended")]
    world.prepare()
    passed = failed = allowed = ran = 0
    for configuration in read_configurations():
        if not fnmatch.fnmatchcase(configuration.name, pattern):
            continue
        ran += 1
        count, found, wrong = compare(configuration, talks)
        for text in wrong:
            print(f"FAILED: {configuration.name}: {text}")
        rest = []
        for difference in found:
            row = next((i for i in intended if i.covers(difference)), None)
            if row is None:
                rest.append(difference)
            else:
                row.used += 1
                allowed += 1
        for d in rest:
            print(f"FAILED: {d.config} | {d.step} | {d.theirs} | {d.ours}")
        failed += len(rest) + len(wrong)
        passed += max(count - len(rest), 0)
        sys.stdout.flush()
    if pattern == "*":
        for row in intended:
            if row.used == 0:
                print(f"FAILED: no longer a difference: {row.line}")
                failed += 1
    print(f"{ran} configurations, {allowed} intended differences")
    print(f"vsftpd: {passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
