"""The Redis store against a real redis-server; see redis_store.sh."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from store_check import (SECRET, Producer, check, check_no_secret, check_numbers,
                         disturb, fail, launch, wait_for)

RATE = 6_000
AWAY = float(sys.argv[1])


class Server:
    def __init__(self, folder, append_only):
        self.folder, self.append_only = folder, append_only
        self.socket = f"{folder}/redis.sock"
        os.makedirs(folder)
        with open(f"{folder}/users.acl", "w", encoding="utf-8") as users:
            users.write("user default on nopass ~* +@all\n"
                        f"user qalpha on >{SECRET} ~qalpha:* +xadd +xinfo "
                        "+multi +exec +info\n")
        self.process = None
        self.start()

    def start(self, *options):
        self.process = launch(
            ["redis-server", "--port", "0", "--unixsocket", self.socket,
             "--dir", self.folder, "--aclfile", f"{self.folder}/users.acl",
             "--appendonly", self.append_only, "--appendfsync", "everysec",
             "--save", "", "--logfile", f"{self.folder}/redis.log",
             *options])
        wait_for(lambda: self.ask("PING").strip() == "PONG", "redis starts")

    def ask(self, *words):
        return subprocess.run(["redis-cli", "-s", self.socket, *words],
                              capture_output=True, text=True, check=False).stdout

    def stop(self, how):
        self.process.send_signal(how)
        self.process.wait()

    # -- faults

    def restart(self):
        self.stop(signal.SIGTERM)
        self.start()

    def loads_slowly(self):
        """Answers INFO, though not as it will, while it reads its file."""
        self.stop(signal.SIGTERM)
        self.start("--key-load-delay", "-20")

    def killed(self):
        self.stop(signal.SIGKILL)
        self.start()

    def away(self):
        self.stop(signal.SIGTERM)
        time.sleep(AWAY)
        self.start()

    def frozen(self):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(AWAY)
        self.process.send_signal(signal.SIGCONT)

    def clients_killed(self):
        self.ask("CLIENT", "KILL", "USER", "qalpha")

    def out_of_memory(self):
        self.ask("CONFIG", "SET", "maxmemory", "1")
        time.sleep(0.5)
        self.ask("CONFIG", "SET", "maxmemory", "0")

    def numbers(self):
        """The executions of all fills, page by page."""
        result, first = [], "-"
        while True:
            lines = self.ask("--raw", "XRANGE", "qalpha:fills", first, "+",
                             "COUNT", "20000").split("\n")
            page = [int(lines[i + 1]) for i, line in enumerate(lines)
                    if line == "execution"]
            ids = [line for line in lines if line[:13].isdigit() and "-" in line]
            if not page:
                return result
            result += page
            first = "(" + ids[-1]


def options(server):
    return [f"address={server.socket}", "user=qalpha",
            "password=env:STORE_PASSWORD"]


def with_append_only_file(folder):
    server = Server(f"{folder}/durable", "yes")
    producer = Producer("redis", folder, "durable", options(server))
    status, count = disturb(
        producer, RATE,
        [server.restart, server.loads_slowly, server.killed, server.away,
         server.frozen, server.clients_killed, server.out_of_memory])
    check(status["dropped"] == 0 and status["missing"] == 0, f"status {status}")
    check_numbers(server.numbers(), count, "with an append-only file")
    check("WARNING" not in producer.said(), "a safe server causes no warning")
    check("OOM" in producer.said(), "what the server refused was told")
    server.stop(signal.SIGKILL)
    check_no_secret(folder)


def without(folder):
    server = Server(f"{folder}/volatile", "no")
    producer = Producer("redis", folder, "volatile", options(server))
    status, count = disturb(producer, RATE, [server.killed, server.killed],
                            kills=2)
    check(status["missing"] == 0, f"status {status}")
    check_numbers(server.numbers(), count, "a server that forgot everything")
    check('appendonly is "no"' in producer.said(),
          "a server that forgets is warned of")
    server.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    producer.start(count, 0)
    producer.finish()
    check("allkeys-lru" in producer.said(), "eviction is warned of")
    server.stop(signal.SIGKILL)


def wrong_password(folder):
    server = Server(f"{folder}/refusing", "yes")
    producer = Producer("redis", folder, "refusing",
                        [f"address={server.socket}", "user=somebody",
                         "password=env:STORE_PASSWORD"])
    producer.start(10, 0)
    wait_for(lambda: "WRONGPASS" in producer.said(), "the refusal is told")
    producer.kill()
    check(producer.said().count("WRONGPASS") == 1, "a refusal is told once")
    server.stop(signal.SIGKILL)
    check_no_secret(folder)


def copies_of_a_node(folder):
    """A whole node, killed and resumed: its streams are its journal."""
    server = Server(f"{folder}/copies", "yes")
    run = f"{folder}/run"
    command = [os.environ.get("QALPHA_BIN", "build/release/qalpha"), "run",
               "--run", run, "--seed", "11", "--speed", "60"]
    for setting in ("stores.redis.enabled=true",
                    f"stores.redis.address={server.socket}",
                    "stores.redis.user=qalpha",
                    "stores.redis.password=env:STORE_PASSWORD"):
        command += ["--set", setting]

    def fills():
        return int(server.ask("XLEN", "qalpha:fills") or 0)

    for life in range(3):
        before = fills()
        with open(f"{folder}/node.log", "ab") as log:
            node = launch(command, stdout=log, stderr=log,
                          env=os.environ | {"STORE_PASSWORD": SECRET})
        wait_for(lambda: fills() >= before + 3, "the node trades", limit=60)
        stores = json.loads(subprocess.run(
            [command[0], "inspect", "--run", run, "--json"], capture_output=True,
            text=True, check=True).stdout)["stores"]
        check([x["name"] for x in stores] == ["redis"]
              and stores[0]["delivered"] > 0, f"inspect shows {stores}")
        if life == 1:
            server.killed()
        node.send_signal(signal.SIGKILL if life < 2 else signal.SIGINT)
        node.wait()
    journal = sqlite3.connect(f"file:{run}/journal.db?mode=ro", uri=True)
    for table, stream in [("decisions", "decisions"), ("outcomes", "outcomes"),
                          ("intents", "orders"), ("order_events", "reports"),
                          ("fills", "fills"), ("states", "states")]:
        ours = journal.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        theirs = int(server.ask("XLEN", f"qalpha:{stream}") or 0)
        # A kill may fall between the journal and the spool.
        check(ours - 2 <= theirs <= ours, f"{stream}: {theirs} of {ours}")
    for stream in ("bars", "health", "quotes", "trades"):
        check(int(server.ask("XLEN", f"qalpha:{stream}") or 0) > 0,
              f"{stream} are copied")
    server.stop(signal.SIGKILL)
    check_no_secret(folder)


def main():
    seed = int(os.environ.get("STORE_SEED", time.time_ns() % 1_000_000))
    print(f"STORE_SEED={seed} AWAY={AWAY}")
    random.seed(seed)
    if not shutil.which("redis-server"):
        fail("redis-server is missing: run scripts/setup.sh")
    with tempfile.TemporaryDirectory(prefix="qalpha-redis-") as folder:
        with_append_only_file(folder)
        without(folder)
        wrong_password(folder)
        copies_of_a_node(folder)


main()
