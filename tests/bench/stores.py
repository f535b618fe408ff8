"""Rates of the stores and of their peers, in turn, best of three; see
stores.sh."""

import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/../e2e")

from postgres_cluster import Cluster  # noqa: E402
from store_check import SECRET, wait_for  # noqa: E402

ROWS = int(sys.argv[1])
ROUNDS = 3
BENCH = os.environ.get("BENCH", f"{HERE}/../../build/release/tests/bench/"
                                "bench_stores")


def output_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=True,
                          env=os.environ | {"PGPASSWORD": SECRET})
    return done.stdout


def ours(kind, address, rows, spool):
    return float(output_of(BENCH, kind, address, str(rows), spool))


def redis_benchmark(socket, *command):
    text = output_of("redis-benchmark", "-s", socket, "-c", "1", "-P", "100", "-n",
                     str(ROWS), "-q", *command)
    return float(re.findall(r"([\d.]+) requests per second", text)[-1])


def show(name, rates, unit="rows/s"):
    print(f"{name:42} best {max(rates):>9,.0f}  of "
          f"{', '.join(f'{x:,.0f}' for x in rates)} {unit}")


def redis(folder):
    os.makedirs(folder)
    socket = f"{folder}/redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder,
         "--save", "", "--logfile", f"{folder}/log"])
    try:
        wait_for(lambda: os.path.exists(socket), "redis starts")
        # The six texts of a trade, as the store sends them.
        same = ["XADD", "peer", "*", "time", "1700000000123000000", "symbol",
                "BTCUSDT", "trade", "3000000123", "side", "sell", "price",
                "61664.7", "size", "0.124"]
        rates = {"ours": [], "same": [], "one": []}
        for i in range(ROUNDS):
            output_of("redis-cli", "-s", socket, "FLUSHALL")
            rates["ours"].append(ours("redis", socket, ROWS, f"{folder}/s{i}"))
            output_of("redis-cli", "-s", socket, "FLUSHALL")
            rates["same"].append(redis_benchmark(socket, *same))
            output_of("redis-cli", "-s", socket, "FLUSHALL")
            rates["one"].append(redis_benchmark(socket, "XADD", "peer", "*", "f",
                                                "x" * 64))
        show("redis store, trades of six fields", rates["ours"])
        show("redis-benchmark -P 100, the same XADD", rates["same"])
        show("redis-benchmark -P 100, one field of 64 B", rates["one"])
    finally:
        server.terminate()
        server.wait()


def postgres(folder):
    server = Cluster(folder)
    try:
        # Enough to forget the creation of the tables.
        rows = 3 * ROWS
        rates = {"ours": [], "copy": []}
        for i in range(ROUNDS):
            server.sql("DROP SCHEMA IF EXISTS qalpha CASCADE", "qalpha")
            rates["ours"].append(ours("postgres", folder, rows, f"{folder}/s{i}"))
            file = f"{folder}/rows{i}"
            server.sql(f"COPY (SELECT * FROM qalpha.trades) TO '{file}' "
                       "(FORMAT binary)", "qalpha")
            server.sql("TRUNCATE qalpha.trades; CHECKPOINT", "qalpha")
            begin = time.monotonic()
            server.sql(f"COPY qalpha.trades FROM '{file}' (FORMAT binary)",
                       "qalpha")
            rates["copy"].append(rows / (time.monotonic() - begin))
        show("postgres store, trades", rates["ours"])
        show("COPY FROM a file on the server, same rows", rates["copy"])
    finally:
        server.stop("immediate")


def main():
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="qalpha-bench-") as folder:
        redis(f"{folder}/redis")
        postgres(f"{folder}/postgres")


main()
