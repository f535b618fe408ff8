"""Drives a real node through its console and its verbs."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

BIN = os.environ["QALPHA_BIN"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Node:
    def __init__(self, run, *options):
        self.run = run
        self.seen = []
        self.process = subprocess.Popen(
            [BIN, "run", "--run", run, "--speed", "60", *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            bufsize=1)

    def until(self, pattern):
        """Reads the console until a line matches."""
        for line in self.process.stdout:
            self.seen.append(line)
            if re.search(pattern, line):
                return line
        fail(f"the node ended before '{pattern}':\n" + "".join(self.seen[-25:]))

    def verb(self, *words, code=0):
        while True:
            done = subprocess.run([BIN, *words, "--run", self.run], text=True,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
            # The first lines of the console come before the control socket.
            if done.returncode != 4 or self.process.poll() is not None:
                break
        if done.returncode != code:
            fail(f"{words}: exit {done.returncode}, not {code}: {done.stdout}")
        return done.stdout

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        return rest


def fail(text):
    sys.exit("FAILED: " + text)


def check(condition, text):
    if not condition:
        fail(text)


def walk(tree, path=""):
    for child in tree.get("children", []):
        yield path + child["name"], child
        yield from walk(child, path + child["name"] + "/")


def actors(node):
    reply = json.loads(node.verb("inspect", "--json").splitlines()[-1])
    return dict(walk(reply["tree"]))


def test_faults_and_steering(run):
    node = Node(run)
    node.until("trading is active")
    node.until("FILL")
    found = actors(node)
    for name in ("guardian/guardian", "guardian/risk desk", "guardian/watchdog",
                 "guardian/notifier", "oracle/feed BTCUSDT",
                 "strategist/allocator", "strategist/executor SOLUSDT"):
        check(name in found, f"inspect does not show {name}")
        check(found[name]["phase"] == "running", f"{name} does not run")
    node.verb("kill", "oracle/feed BTCUSDT")
    node.until("oracle/feed BTCUSDT crashed")
    check(actors(node)["oracle/feed BTCUSDT"]["restarts"] == 1,
          "the restart is not shown")
    node.until(r"ALERT  SOLUSDT feed stale")
    node.until(r"OK     SOLUSDT feed live")
    halted = node.verb("halt", "a test")
    code = re.search(r"resume (\d{4})", halted)
    check(code, "halt does not say how to resume: " + halted)
    node.verb("resume", "0000", code=7)
    node.verb("resume", code[1])
    node.verb("why", "BTCUSDT")
    node.verb("why", "BTCUSD", code=3)
    node.verb("flatten", "a test")
    node.until("all positions closed")
    rest = node.stop()
    check(node.process.returncode == 0, "exit after Ctrl-C:\n" + rest)
    check("equal to the venue's" in rest, "ledgers differ:\n" + rest)


def test_halt_survives_a_restart(run):
    node = Node(run)
    node.until("trading is halted")
    node.stop()


def test_crash_loop_halts(run):
    node = Node(run)
    node.until("trading is active")
    for _ in range(6):
        while actors(node)["oracle/feed ETHUSDT"]["phase"] != "running":
            pass  # It is backing off; asking again is the wait.
        node.verb("kill", "oracle/feed ETHUSDT")
        line = node.until("feed ETHUSDT crashed|trading is halted")
        if "halted" in line:
            break
    else:
        node.until("trading is halted")
    check("supervision" in node.seen[-1], "halted by: " + node.seen[-1])
    rest = node.stop()
    check("equal to the venue's" in rest, "ledgers differ:\n" + rest)


def main():
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        if name != "test_halt_survives_a_restart":
            run = tempfile.mkdtemp(prefix="qalpha-demo-")
            os.rmdir(run)
        test(run)
        print(name, "passed")
        if name == "test_halt_survives_a_restart":
            shutil.rmtree(run, ignore_errors=True)


main()
