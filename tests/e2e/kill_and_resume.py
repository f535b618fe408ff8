"""kill -9 at random instants, resume, compare with the venue's books.

The comparison is independent of the program: positions, cash and equity are
computed here from the rows of both databases, by cash flow instead of average
cost. usage: kill_and_resume.py KILLS SEED [OPTIONS OF RUN...]
"""

import json
import os
import random
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

E8 = 10**8
BIN = os.environ["QALPHA_BIN"]
RESUMED = re.compile(
    r"resumed run \w+: (\d+) positions?, (\d+) orders?"
    r"(?: \(\d+ of unknown fate\))?, (\d+) lost"
    r".*equity (-?[\d.]+), peak (-?[\d.]+)")


def e8(text):
    """Exact decimal text to units of 1e-8."""
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * E8 + int((part + "0" * 8)[:8]))


class Books:
    """Both ledgers of a run, read while no process has them open."""

    def __init__(self, run):
        ours = sqlite3.connect(f"file:{run}/journal.db?mode=ro", uri=True)
        theirs = sqlite3.connect(f"file:{run}/venue.db?mode=ro", uri=True)
        self.instruments = ours.execute(
            "SELECT symbol, name, tick * lot / 100000000 FROM instruments"
            " ORDER BY symbol").fetchall()
        self.start = ours.execute("SELECT start FROM meta").fetchone()[0]
        snapshot = ours.execute("SELECT peak, marks FROM snapshot").fetchone()
        self.peak = snapshot[0] if snapshot else self.start
        self.marks = [int(x) for x in snapshot[1].split()] if snapshot else []
        names = {s: n for s, n, _ in self.instruments}
        self.ours = {
            (names[s], e): (i, d, p, q, f)
            for s, e, i, d, p, q, f in ours.execute(
                "SELECT symbol, execution, id, side, price, size, fee"
                " FROM fills")}
        self.theirs = {
            (s, e): (i, 1 if d == "buy" else -1, p, q, f)
            for s, e, i, d, p, q, f in theirs.execute(
                "SELECT symbol, execution, order_id, side, price_ticks, lots,"
                " fee_e8 FROM executions")}
        self.funding = {
            (names[s], t): p for s, t, p in ours.execute(
                "SELECT symbol, time, paid FROM funding")}
        self.venue_funding = {
            (s, t): p for s, t, p in theirs.execute(
                "SELECT symbol, time_ns, paid_e8 FROM funding")}
        self.venue_positions = dict(
            theirs.execute("SELECT symbol, lots FROM positions"))
        self.venue_cash = theirs.execute(
            "SELECT cash_e8 FROM account").fetchone()
        self.intents = [i for (i,) in ours.execute("SELECT id FROM intents")]
        self.events = ours.execute(
            "SELECT id, event FROM order_events ORDER BY seq").fetchall()
        self.sizes = dict(ours.execute("SELECT id, size FROM intents"))

    def position(self, name):
        return sum(d * q for (n, _), (_, d, _, q, _) in self.ours.items()
                   if n == name)

    def cash(self):
        unit = {n: u for _, n, u in self.instruments}
        traded = sum(d * p * q * unit[n]
                     for (n, _), (_, d, p, q, _) in self.ours.items())
        fees = sum(x[4] for x in self.ours.values())
        return self.start - traded - fees - sum(self.funding.values())

    def equity(self):
        result = self.cash()
        for s, n, unit in self.instruments:
            size = self.position(n)
            if size:
                result += size * self.marks[s] * unit
        return result

    def open_orders(self):
        filled = {}
        for (_, _), (i, _, _, q, _) in self.ours.items():
            filled[i] = filled.get(i, 0) + q
        ended = {i for i, event in self.events if event in (1, 4, 6)}
        return [i for i in self.intents
                if i not in ended and filled.get(i, 0) < self.sizes[i]]


def check(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def compare(run):
    """Both ledgers after a clean end."""
    books = Books(run)
    check(books.ours == books.theirs,
          f"executions differ: ours {len(books.ours)}, "
          f"venue {len(books.theirs)}, "
          f"{sorted(set(books.ours.items()) ^ set(books.theirs.items()))[:4]}")
    check(books.funding == books.venue_funding, "funding differs")
    for _, name, _ in books.instruments:
        check(books.position(name) == books.venue_positions.get(name, 0),
              f"position in {name} differs")
    check(books.venue_cash is None or books.cash() == books.venue_cash[0],
          f"cash differs: {books.cash()} against {books.venue_cash}")
    check(len(set(books.intents)) == len(books.intents), "an id twice")
    check(all(x[0] in books.sizes for x in books.theirs.values()),
          "the venue filled an order that we do not know")
    return books


def start(run, *more):
    return subprocess.Popen(
        [BIN, "run", "--run", run, "--seed", "11", "--speed", "100",
         # Many orders that rest for long: kills then find some open.
         "--strategy", "sma_cross", "--param", "fast=2", "--param", "slow=4",
         "--set", "execution.maker_timeout=60s", *sys.argv[3:], *more],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)


def read_until(process, text, lines):
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return
    sys.exit(f"FAILED: no '{text}' in:\n" + "".join(lines[-20:]))


def check_resumed(before, lines):
    found = next(filter(None, map(RESUMED.search, lines)), None)
    check(found, "no 'resumed run' in:\n" + "".join(lines))
    positions = sum(1 for _, n, _ in before.instruments if before.position(n))
    check(int(found[1]) == positions, f"{found[1]} positions, not {positions}")
    orders = len(before.open_orders())
    check(int(found[2]) == orders, f"{found[2]} orders, not {orders}")
    check(found[3] == "0", f"{found[3]} lost")
    check(e8(found[4]) == before.equity(),
          f"equity {found[4]}, rows say {before.equity()}")
    check(e8(found[5]) == max(before.peak, before.equity()),
          f"peak {found[5]}, rows say {before.peak}")


def kill_once(run, chance):
    process = start(run)
    lines = []
    read_until(process, "trading is active", lines)
    delay = chance.uniform(0.0, 1.2)
    # Not a wait for something: the instant of the kill is the test's input.
    select.select([], [], [], delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = Books(run)
    process = start(run, "--for", "1s")
    lines = process.communicate(timeout=60)[0].splitlines()
    check(process.returncode == 0,
          f"exit {process.returncode} after a resume:\n" + "\n".join(lines))
    check_resumed(before, lines)
    after = compare(run)
    check(all(after.ours[k] == v for k, v in before.ours.items()),
          "a journaled fill changed")
    return len(before.open_orders()), len(after.ours)


def main():
    kills, seed = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    run = tempfile.mkdtemp(prefix="qalpha-kill-")
    os.rmdir(run)
    with_orders = fills = 0
    try:
        for _ in range(kills):
            orders, fills = kill_once(run, chance)
            with_orders += orders > 0
    finally:
        shutil.rmtree(run, ignore_errors=True)
    check(fills > 0, "no fill in all runs: nothing was tested")
    print(json.dumps({"kills": kills, "with_open_orders": with_orders,
                      "fills": fills, "lost": 0, "doubled": 0}))


main()
