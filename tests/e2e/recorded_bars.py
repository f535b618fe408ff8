"""Checks the rows of `qalpha data bars` against the messages themselves.

usage: recorded_bars.py QALPHA SESSION INTERVAL_MS
       recorded_bars.py --make SESSION SEED    writes a session of chance

Plays a collector's session of Binance USD-M with plain dictionaries of whole
numbers, adds up what the columns say, and compares every cell.
"""

import csv
import gzip
import heapq
import json
import random
import subprocess
import sys
import tempfile
from decimal import Decimal
from fractions import Fraction

LEVELS = 10
FRAME_MS = 100
HORIZON_MS = 5000
NO_BID, NO_ASK = -1, 10**18
E8 = 10**8


def whole(text):
    return int(Decimal(text) * E8)


def lines_of(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt") as file:
        for line in file:
            received, text = line.split(" ", 1)
            message = json.loads(text)
            yield int(received), message.get("data", message)


class Book:
    def __init__(self, snapshot):
        self.sides = {"b": {}, "a": {}}
        self.last = snapshot["lastUpdateId"]
        self.synced = False
        self.apply(snapshot["bids"], snapshot["asks"])

    def apply(self, bids, asks):
        for side, levels in (("b", bids), ("a", asks)):
            for price, size in levels:
                price, size = whole(price), whole(size)
                if size:
                    self.sides[side][price] = size
                else:
                    self.sides[side].pop(price, None)

    def top(self):
        bids = heapq.nlargest(LEVELS, self.sides["b"].items())
        asks = heapq.nsmallest(LEVELS, self.sides["a"].items())
        return (bids + [(NO_BID, 0)] * (LEVELS - len(bids)),
                asks + [(NO_ASK, 0)] * (LEVELS - len(asks)))


def level_flow(before, now, level):
    (bid0, bid_size0), (ask0, ask_size0) = before[0][level], before[1][level]
    (bid, bid_size), (ask, ask_size) = now[0][level], now[1][level]
    return ((bid_size if bid >= bid0 else 0) - (bid_size0 if bid <= bid0 else 0)
            - (ask_size if ask <= ask0 else 0) + (ask_size0 if ask >= ask0 else 0))


def scale(column):
    if column == "trade_count":
        return 1
    value = column == "quote_volume" or "cost" in column or "settled" in column
    return E8 * E8 if value else E8


class Market:
    """What a feed knows, bar by bar; prices and sizes in units of 1e-8."""

    def __init__(self, interval):
        self.interval = interval
        self.book = None
        self.top = None
        self.waiting = []
        self.heard = 0
        self.open = None
        self.rows = {}
        self.since_book = None
        self.new_sums()

    def new_sums(self):
        self.flow = [0] * LEVELS
        self.depth = 0
        self.changes = 0
        self.settled = [0] * 3
        self.trades = [0] * 4
        self.effective = 0

    def settle(self):
        while self.waiting and self.waiting[0][0] < self.heard:
            _, way, price, size, before = self.waiting.pop(0)
            now = self.twice_middle()
            self.settled[0] += way * (2 * price - now) * size
            self.settled[1] += way * (now - before) * size
            self.settled[2] += price * size

    def twice_middle(self):
        return self.top[0][0][0] + self.top[1][0][0]

    def take_trade(self, event):
        start = event["T"] // self.interval * self.interval
        if self.open is not None and start > self.open:
            self.close()
        if self.open is None:
            self.open = start
        price, size = whole(event["p"]), whole(event["q"])
        way = -1 if event["m"] else 1
        self.trades[0] += size
        self.trades[1] += size * price
        self.trades[2] += 1
        self.trades[3] += size if way > 0 else 0
        self.heard = max(self.heard, event["T"])
        if self.top:
            middle = self.twice_middle()
            self.effective += way * (2 * price - middle) * size
            self.waiting.append(
                (self.heard + HORIZON_MS, way, price, size, middle))

    def take_book(self, time):
        now = self.book.top()
        if self.top:
            for level in range(LEVELS):
                self.flow[level] += level_flow(self.top, now, level)
            self.depth += sum(x[1] for side in now for x in side)
            self.changes += 1
            self.heard = max(self.heard, time)
            self.settle()
        else:
            self.since_book = time
        self.heard = max(self.heard, time)
        self.top = now

    def close(self):
        bids, asks = self.top if self.top else (None, None)
        row = {"volume": self.trades[0], "quote_volume": self.trades[1],
               "trade_count": self.trades[2],
               "taker_buy_volume": self.trades[3]}
        if self.top:
            self.settle()
            row |= {"bid": bids[0][0], "ask": asks[0][0],
                    "bid_size": bids[0][1], "ask_size": asks[0][1],
                    "bid_depth": sum(x[1] for x in bids),
                    "ask_depth": sum(x[1] for x in asks)}
            row |= {"order_flow" + (f"_{i + 1}" if i else ""): self.flow[i]
                    for i in range(LEVELS)}
            depth = (Fraction(self.depth, self.changes) if self.changes
                     else row["bid_depth"] + row["ask_depth"])
            row["book_depth"] = Fraction(depth) / (2 * LEVELS)
            row |= {"effective_cost": self.effective,
                    "realised_cost": self.settled[0],
                    "impact_cost": self.settled[1],
                    "settled_value": self.settled[2]}
        self.rows[self.open] = row
        self.new_sums()
        self.open = None

    def end_frame(self, now):
        if self.open is not None and now >= self.open + self.interval:
            self.close()


def play(path, interval):
    market = Market(interval)
    pending, frame = [], None
    for received, event in lines_of(path):
        end = (received // 1_000_000 // FRAME_MS + 1) * FRAME_MS
        while frame is not None and frame < end:
            market.end_frame(frame)
            frame += FRAME_MS
        frame = end
        if event.get("e") in ("trade", "aggTrade"):
            market.take_trade(event)
        elif event.get("e") == "depthUpdate":
            pending.append(event)
        elif "lastUpdateId" in event:
            market.book = Book(event)
            market.take_book(event["T"])
        if market.book:
            for change in pending:
                if not market.book.synced and change["u"] < market.book.last:
                    continue
                market.book.synced = True
                market.book.apply(change["b"], change["a"])
                market.take_book(change["T"])
            pending = []
    market.end_frame(frame)
    return market


def make_session(path, seed):
    """A market of 90 s whose best price wanders, with trades on both sides."""
    dice = random.Random(seed)
    start, ids = 1_700_000_000_000, [1_000]
    mid = 20_000
    sides = {"b": {}, "a": {}}

    def line(ms, event):
        compact = json.dumps(event, separators=(",", ":"))
        return f"{ms * 1_000_000} {compact}\n"

    def text(ticks):
        return f"{ticks // 10}.{ticks % 10}0"

    def change(count):
        changes = {"b": {}, "a": {}}
        for _ in range(count):
            side = dice.choice("ba")
            away = 1 + min(int(dice.expovariate(0.3)), 30)
            price = mid - away if side == "b" else mid + away
            changes[side][price] = dice.choice([0, dice.randrange(1, 5_000)])
        # What the middle has passed is gone, and the best prices never are.
        for side, sign in (("b", 1), ("a", -1)):
            for price in list(sides[side]):
                if sign * (price - mid) >= 0:
                    changes[side][price] = 0
            changes[side][mid - sign] = dice.randrange(1, 3_000)
            for price, size in changes[side].items():
                sides[side][price] = size
                if size == 0:
                    del sides[side][price]
        return {side: [[text(price), f"{size / 1000:.3f}"]
                       for price, size in changes[side].items()]
                for side in "ba"}

    with open(path, "w") as out:
        change(40)
        out.write(line(start, {
            "lastUpdateId": ids[0], "E": start, "T": start,
            **{name: [[text(price), f"{size / 1000:.3f}"]
                      for price, size in sorted(sides[side].items(),
                                                reverse=side == "b")]
               for name, side in (("bids", "b"), ("asks", "a"))}}))
        trade = 7
        for ms in range(start, start + 90_000, 50):
            if dice.random() < 0.1:
                mid += dice.choice([-1, 1])
            first, previous = ids[0] + 1, ids[0]
            ids[0] += dice.randrange(1, 5)
            if previous == 1_000:
                first, previous = 999, 998
            out.write(line(ms, {
                "e": "depthUpdate", "E": ms, "T": ms, "s": "BTCUSDT",
                "U": first, "u": ids[0], "pu": previous, **change(3)}))
            for _ in range(dice.randrange(3)):
                trade += 1
                sold = dice.random() < 0.5
                out.write(line(ms, {
                    "e": "aggTrade", "E": ms, "T": ms, "s": "BTCUSDT",
                    "a": trade, "f": trade, "l": trade, "m": sold,
                    "p": text(mid - 1 if sold else mid + 1),
                    "q": f"{dice.randrange(1, 2_000) / 1000:.3f}"}))


def main():
    if sys.argv[1] == "--make":
        return make_session(sys.argv[2], int(sys.argv[3]))
    program, session, interval = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        out = folder + "/bars.csv"
        subprocess.run([program, "data", "bars", session, "--interval",
                        f"{interval}ms", "--out", out], check=True)
        with open(out, newline="") as file:
            rows = list(csv.DictReader(file))
    market = play(session, interval)
    cells, empty = 0, 0
    for row in rows:
        start = int(row["timestamp"])
        expected = market.rows[start]
        for name, value in expected.items():
            if row[name] == "":
                empty += 1
                unknown = HORIZON_MS if "cost" in name or "settled" in name else 0
                assert start - unknown <= market.since_book + 1000, (start, name)
                continue
            value = float(Fraction(value) / scale(name))
            assert abs(float(row[name]) - value) <= 1e-9 * max(
                1, abs(value)), (start, name, row[name], value)
            cells += 1
    assert rows and cells > 20 * (len(rows) - 10 - HORIZON_MS // interval), cells
    print(f"{len(rows)} rows, {cells} cells equal, {empty} empty")


if __name__ == "__main__":
    main()
