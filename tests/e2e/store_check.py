"""What the tests of the stores share: the producer that is killed, and checks."""

import atexit
import json
import os
import random
import signal
import subprocess
import sys
import time

DRIVERS = os.environ.get("QALPHA_DRIVERS", "build/release/tests")
SECRET = "canary-8f2b71c9"


def fail(text):
    print(f"FAILED: {text}")
    sys.exit(1)


def check(condition, text):
    if not condition:
        fail(text)
    print(f"ok: {text}")


def launch(command, **options):
    """Popen that does not outlive the test: whoever waits for our output would
    wait for what is left behind too."""
    process = subprocess.Popen(command, **options)
    atexit.register(process.kill)
    return process


def wait_for(condition, text, limit=30):
    """Polls until the condition holds; a deadline is a failure."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    fail(f"waited {limit} s for: {text}")


class Producer:
    """driver_store, killed and started again on the same spool."""

    def __init__(self, kind, folder, name, options):
        self.kind, self.options = kind, options
        self.spool = f"{folder}/spool-{name}"
        self.log = f"{folder}/{name}.log"
        self.process = None

    def start(self, count, rate):
        command = [f"{DRIVERS}/driver_store", self.kind, self.spool, str(count),
                   str(rate), *self.options]
        with open(self.log, "ab") as log:
            self.process = launch(
                command, stdout=subprocess.PIPE, stderr=log, text=True,
                env=os.environ | {"STORE_PASSWORD": SECRET})

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def alive(self):
        return self.process.poll() is None

    def finish(self, limit=90):
        """Returns the status that the driver prints at its end."""
        try:
            out, _ = self.process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            self.kill()
            fail(f"the producer does not end; see its log:\n{self.said()[-2000:]}")
        if self.process.returncode != 0:
            fail(f"the producer ended with {self.process.returncode}:\n"
                 f"{self.said()[-2000:]}")
        return json.loads(out)

    def said(self):
        with open(self.log, encoding="utf-8") as log:
            return log.read()


def disturb(producer, rate, faults, kills=5):
    """Produces `rate` entries a second while each fault happens once and the
    producer is killed in between. Returns the status at the end and the number of
    entries."""
    begin = time.monotonic()
    producer.start(10**9, rate)
    steps = [("fault", f) for f in faults] + [("kill", None)] * kills
    random.shuffle(steps)
    for what, fault in steps:
        time.sleep(random.uniform(0.2, 0.6))
        if not producer.alive():
            fail(f"the producer died:\n{producer.said()[-2000:]}")
        if what == "kill":
            producer.kill()
            producer.start(10**9, rate)
        else:
            print(f"  fault: {fault.__name__}")
            fault()
    producer.kill()
    count = int((time.monotonic() - begin) * rate) + 5_000
    producer.start(count, 0)
    return producer.finish(), count


def check_numbers(numbers, count, text):
    """`numbers` are those of the entries in the order of the server."""
    if numbers == list(range(1, count + 1)):
        print(f"ok: {text}: {count} produced, {count} there, in order")
        return
    seen = set(numbers)
    missing = [n for n in range(1, count + 1) if n not in seen]
    fail(f"{text}: {len(numbers)} entries of {count}, {len(missing)} missing "
         f"(from {missing[:3]}), {len(numbers) - len(seen)} doubled")


def check_no_secret(folder):
    hits = subprocess.run(["grep", "-rlF", SECRET, folder], capture_output=True,
                          text=True, check=False).stdout.split()
    hits = [h for h in hits if not h.endswith(("users.acl", "password"))]
    check(not hits, f"the password is in no file of ours {hits or ''}")
