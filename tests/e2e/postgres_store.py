"""The PostgreSQL store against a real server; see postgres_store.sh."""

import os
import random
import signal
import sys
import tempfile
import time

from postgres_cluster import Cluster
from store_check import (Producer, check, check_no_secret, check_numbers,
                         disturb)

RATE = 5_000
AWAY = float(sys.argv[1])


class Faults:
    def __init__(self, server):
        self.server = server

    def restart(self):
        self.server.stop()
        self.server.start()

    def crash(self):
        self.server.stop("immediate")
        self.server.start()

    def killed(self):
        self.server.kill()
        self.server.start()

    def away(self):
        self.server.stop()
        time.sleep(AWAY)
        self.server.start()

    def frozen(self):
        self.server.freeze(AWAY)

    def backend_ended(self):
        self.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE application_name = 'qalpha'")

    def locked(self):
        self.server.sql("BEGIN; LOCK TABLE qalpha.fills; "
                        f"SELECT pg_sleep({AWAY}); COMMIT", "qalpha")

    def read_only(self):
        for word in ("on", "off"):
            self.server.sql(f"ALTER ROLE qalpha SET default_transaction_read_only "
                            f"= {word}")
            self.backend_ended()
            time.sleep(1)


def numbers(server):
    rows = server.sql("SELECT execution FROM qalpha.fills ORDER BY epoch, position",
                      "qalpha")
    return [int(x) for x in rows.split()]


def check_values(server):
    """What was written is what arrived, exactly."""
    row = server.sql("SELECT time, price, size, fee, maker, side, order_id FROM "
                     "qalpha.fills WHERE execution = 1234", "qalpha")
    # The session shows times in its own zone.
    shown = server.sql("SELECT to_char(time AT TIME ZONE 'UTC', "
                       "'YYYY-MM-DD HH24:MI:SS.MS') FROM qalpha.fills "
                       "WHERE execution = 1234", "qalpha")
    check(shown == "2023-11-14 22:13:21.234", f"time {shown}")
    check(row.split("|")[1:] == ["60023.4", "0.003", "-0.00001234", "f", "buy",
                                 "qa-0001-0000-00000001-000004d2"],
          f"values {row}")
    parts = server.sql("SELECT relname FROM pg_class WHERE relname LIKE "
                       "'fills_p%' AND relkind = 'r'", "qalpha")
    check(parts == "fills_p202311", f"partitions {parts}")


def main():
    seed = int(os.environ.get("STORE_SEED", time.time_ns() % 1_000_000))
    print(f"STORE_SEED={seed} AWAY={AWAY}")
    random.seed(seed)
    with tempfile.TemporaryDirectory(prefix="qalpha-postgres-") as folder:
        server = Cluster(f"{folder}/server")
        try:
            producer = Producer("postgres", folder, "a", [
                f"host={server.folder}", "user=qalpha",
                "password=env:STORE_PASSWORD"])
            faults = Faults(server)
            status, count = disturb(producer, RATE, [
                faults.restart, faults.crash, faults.killed, faults.away,
                faults.frozen, faults.backend_ended, faults.locked,
                faults.read_only])
            check(status["dropped"] == 0 and status["missing"] == 0,
                  f"status {status}")
            check_numbers(numbers(server), count, "after all faults")
            check_values(server)
            check("25006" in producer.said(), "a read-only server was told of")
            check_no_secret(folder)
        finally:
            server.signal_all(signal.SIGCONT)
            server.stop("immediate")


main()
