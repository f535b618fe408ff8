"""qalpha data against a web server on this machine; started by data_verbs.sh."""

import calendar
import contextlib
import gzip
import hashlib
import http.server
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zipfile

QALPHA = os.environ.get("QALPHA_BIN") or str(
    pathlib.Path(__file__).resolve().parents[2] / "build/release/qalpha")

HOUR = 3_600_000
HEADER = ("open_time,open,high,low,close,volume,close_time,quote_volume,count,"
          "taker_buy_volume,taker_buy_quote_volume,ignore\n")
CANONICAL = "timestamp,open,high,low,close,volume"


def month_ms(year, month):
    return calendar.timegm((year, month, 1, 0, 0, 0)) * 1000


def bars(first, last, step=HOUR):
    """Rows (ms, open, high, low, close, volume) that open in [first, last)."""
    result = []
    for stamp in range(first, last, step):
        base = 100 + stamp // step % 50
        result.append((stamp, f"{base}.50", f"{base + 2}.00", f"{base - 1}.25",
                       f"{base + 1}.00", f"{base}.125"))
    return result


def csv_of(rows, header=True, unit=1):
    lines = [HEADER] if header else []
    for stamp, o, h, l, c, v in rows:
        lines.append(f"{stamp * unit},{o},{h},{l},{c},{v},"
                     f"{(stamp + HOUR) * unit - 1},1,2,3,4,0\n")
    return "".join(lines)


def zipped(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return out.getvalue()


def canonical(rows):
    def plain(text):
        return text.rstrip("0").rstrip(".")
    return [CANONICAL] + [
        ",".join([str(row[0])] + [plain(x) for x in row[1:]]) for row in rows]


class Server:
    """Files by path, klines by REST, and a list of what was asked for."""

    def __init__(self):
        self.files = {}
        self.klines = []
        self.clock = None  # None: as on this machine
        self.asked = []
        self.ranges = []
        self.cut = {}  # path: bytes after which the connection dies, once
        self.stall = {}  # path: bytes after which nothing comes any more
        self.fail = {}  # path: statuses to answer with first
        self.stalled = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def now_ms(self):
        return self.clock or int(time.time() * 1000)

    def put(self, symbol, interval, span, text, kind="monthly", content=None,
            market="futures/um", checksum=None):
        name = f"{symbol}-{interval}-{span}"
        path = f"/data/{market}/{kind}/klines/{symbol}/{interval}/{name}.zip"
        body = content or zipped(name + ".csv", text)
        digest = checksum or hashlib.sha256(body).hexdigest()
        self.files[path] = body
        self.files[path + ".CHECKSUM"] = f"{digest}  {name}.zip\n".encode()
        return path

    def answer(self, handler):
        url = urllib.parse.urlparse(handler.path)
        self.asked.append(url.path)
        statuses = self.fail.get(url.path)
        if statuses:
            return self.send(handler, statuses.pop(0), b"later")
        if url.path.endswith("/time"):
            body = json.dumps({"serverTime": self.now_ms()}).encode()
            return self.send(handler, 200, body)
        if url.path.endswith("/klines"):
            return self.send(handler, 200, self.page(url.query))
        body = self.files.get(url.path)
        if body is None:
            return self.send(handler, 404, b"no such key")
        first = handler.headers.get("Range")
        if not first:
            return self.send(handler, 200, body, path=url.path)
        self.ranges.append((url.path, first))
        begin = int(first.removeprefix("bytes=").rstrip("-"))
        if begin >= len(body):
            return self.send(handler, 416, b"")
        self.send(handler, 206, body[begin:], path=url.path, extra={
            "Content-Range": f"bytes {begin}-{len(body) - 1}/{len(body)}"})

    def send(self, handler, status, body, path=None, extra=()):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in dict(extra).items():
            handler.send_header(name, value)
        handler.end_headers()
        cut = self.cut.pop(path, None)
        stall = self.stall.pop(path, None)
        handler.wfile.write(body[:cut if cut is not None else stall])
        handler.wfile.flush()
        if cut is not None:
            handler.close_connection = True
            handler.connection.shutdown(2)
        if stall is not None:
            self.stalled.set()
            with contextlib.suppress(OSError):
                handler.connection.recv(1)  # until the client is gone
            handler.close_connection = True

    def page(self, query):
        asked = dict(urllib.parse.parse_qsl(query))
        first, last = int(asked["startTime"]), int(asked["endTime"])
        rows = [[r[0], *r[1:], r[0] + HOUR - 1, "1", 2, "3", "4", "0"]
                for r in self.klines if first <= r[0] <= last]
        return json.dumps(rows[:int(asked["limit"])]).encode()


class World:
    """A server, a directory, and the command line."""

    def __init__(self, root):
        self.server = Server()
        self.dir = pathlib.Path(root) / "data"

    def run(self, *words, code=0):
        done = subprocess.run([QALPHA, "data", *map(str, words)],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == code, (
            f"qalpha data {words}: exit {done.returncode}, expected {code}\n"
            f"{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def fetch_words(self, *words):
        return ["fetch", *words, "--dir", self.dir, "--archive-url",
                self.server.url, "--rest-url", self.server.url]

    def fetch(self, *words, code=0):
        self.server.asked.clear()
        self.server.ranges.clear()
        return self.run(*self.fetch_words(*words), code=code)

    def lines(self, name):
        with gzip.open(self.dir / name, "rt") as file:
            return file.read().splitlines()


JANUARY, FEBRUARY, MARCH = (month_ms(2024, m) for m in (1, 2, 3))


def test_months_with_and_without_header_become_one_history(world):
    s = world.server
    s.put("AUSDT", "1h", "2024-01", csv_of(bars(JANUARY, FEBRUARY), False))
    s.put("AUSDT", "1h", "2024-02", csv_of(bars(FEBRUARY, MARCH)))
    text = world.fetch("ausdt", "--from", "2024-01", "--to", "2024-02")
    assert "1440 bars of 1h" in text and "no gaps" in text, text
    assert "AUSDT-1h-2024-01.zip: verified" in text, text
    assert world.lines("AUSDT_1h.csv.gz") == canonical(bars(JANUARY, MARCH))
    # What is here is not fetched again.
    before = (world.dir / "AUSDT_1h.csv.gz").read_bytes()
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-02")
    assert "fetched 0, here before 2" in text, text
    assert [x for x in s.asked if "/data/" in x] == [], s.asked
    assert (world.dir / "AUSDT_1h.csv.gz").read_bytes() == before
    world.run("verify", world.dir / "AUSDT_1h.csv.gz")


def test_microseconds_are_told_by_magnitude(world):
    world.server.put("AUSDT", "1h", "2024-01",
                     csv_of(bars(JANUARY, FEBRUARY), False, 1000),
                     market="spot")
    world.fetch("AUSDT", "--market", "spot", "--from", "2024-01", "--to",
                "2024-01")
    assert world.lines("AUSDT_spot_1h.csv.gz") == canonical(
        bars(JANUARY, FEBRUARY))


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(world):
    path = world.server.put("AUSDT", "1h", "2024-01",
                            csv_of(bars(JANUARY, FEBRUARY)),
                            checksum="0" * 64)
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01", code=8)
    assert "expected SHA-256 000" in text and "twice" in text, text
    assert not (world.dir / "AUSDT_1h.csv.gz").exists()
    assert not list((world.dir / ".archive").rglob("*.zip*"))
    # The server mends it.
    world.server.put("AUSDT", "1h", "2024-01", csv_of(bars(JANUARY, FEBRUARY)))
    world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01")
    # The disk breaks it: it is fetched again.
    stored = world.dir / ".archive" / path.lstrip("/")
    stored.write_bytes(stored.read_bytes()[:-1])
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01")
    assert "fetched 1, here before 0" in text, text


def test_a_zip_that_is_cut_at_its_source_is_refused(world):
    whole = zipped("x.csv", csv_of(bars(JANUARY, FEBRUARY)))
    world.server.put("AUSDT", "1h", "2024-01", "", content=whole[:-100])
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01", code=8)
    assert "truncated or damaged" in text, text
    assert not (world.dir / "AUSDT_1h.csv.gz").exists()


def test_rows_that_are_no_bars_are_refused_or_left_out_on_request(world):
    rows = bars(JANUARY, FEBRUARY)
    broken = rows[:5] + [(rows[5][0], "1", "nan", "1", "1", "1")] + rows[6:]
    world.server.put("AUSDT", "1h", "2024-01", csv_of(broken))
    words = ["AUSDT", "--from", "2024-01", "--to", "2024-01"]
    text = world.fetch(*words, code=8)
    assert 'row 7, column high' in text and "--drop-bad" in text, text
    text = world.fetch(*words, "--drop-bad")
    assert "bad rows dropped: 1" in text and "gaps 1" in text, text


def test_a_connection_that_breaks_is_taken_up_where_it_broke(world):
    path = world.server.put("AUSDT", "1h", "2024-01",
                            csv_of(bars(JANUARY, FEBRUARY)))
    world.server.cut[path] = 1000
    world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01")
    assert world.server.ranges == [(path, "bytes=1000-")], world.server.ranges
    assert world.lines("AUSDT_1h.csv.gz") == canonical(bars(JANUARY, FEBRUARY))


def test_a_killed_download_goes_on_where_it_stopped(world):
    path = world.server.put("AUSDT", "1h", "2024-01",
                            csv_of(bars(JANUARY, FEBRUARY)))
    world.server.stall[path] = 2000
    words = ["AUSDT", "--from", "2024-01", "--to", "2024-01"]
    part = world.dir / ".archive" / (path.lstrip("/") + ".part")
    child = subprocess.Popen([QALPHA, "data",
                              *map(str, world.fetch_words(*words))],
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    assert world.server.stalled.wait(30)
    deadline = time.monotonic() + 30
    while not part.exists() or part.stat().st_size < 2000:
        assert time.monotonic() < deadline, "nothing arrived"
        time.sleep(0.01)
    child.kill()
    child.wait()
    assert not (world.dir / "AUSDT_1h.csv.gz").exists()
    world.fetch(*words)
    assert world.server.ranges == [(path, "bytes=2000-")], world.server.ranges
    assert not part.exists()
    assert world.lines("AUSDT_1h.csv.gz") == canonical(bars(JANUARY, FEBRUARY))


def test_a_part_of_a_file_that_was_replaced_is_fetched_anew(world):
    path = world.server.put("AUSDT", "1h", "2024-01",
                            csv_of(bars(JANUARY, FEBRUARY)))
    part = world.dir / ".archive" / (path.lstrip("/") + ".part")
    part.parent.mkdir(parents=True)
    # One that is short, one that is longer than the file.
    for junk in (b"x" * 500, b"x" * 500_000):
        part.write_bytes(junk)
        world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01")
        assert not part.exists()
        assert world.lines("AUSDT_1h.csv.gz") == canonical(
            bars(JANUARY, FEBRUARY))
        part.with_suffix("").unlink()


def test_a_busy_server_is_asked_again(world):
    path = world.server.put("AUSDT", "1h", "2024-01",
                            csv_of(bars(JANUARY, FEBRUARY)))
    world.server.fail[path] = [503]
    world.server.fail[path + ".CHECKSUM"] = [429]
    world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01")
    # A server that bans is not asked again.
    world.server.fail["/fapi/v1/time"] = [418]
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01", code=1)
    assert "banned" in text, text
    assert world.server.asked.count("/fapi/v1/time") == 1


def test_what_the_archive_does_not_have_comes_from_rest(world):
    s = world.server
    s.put("AUSDT", "1h", "2024-02", csv_of(bars(FEBRUARY, MARCH)))
    s.klines = bars(JANUARY, FEBRUARY)
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-02")
    assert "bars from REST 744" in text, text
    assert world.lines("AUSDT_1h.csv.gz") == canonical(bars(JANUARY, MARCH))
    # An old month is not searched for day by day.
    assert not [x for x in s.asked if "/daily/" in x], s.asked
    # Without REST the hole is named.
    (world.dir / "AUSDT_1h.csv.gz").unlink()
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-02",
                       "--no-rest", code=9)
    assert "not in the archive: 2024-01-01" in text, text
    text = world.fetch("BUSDT", "--from", "2023-01", "--to", "2023-01", code=3)
    assert "nobody has bars of BUSDT" in text, text


def test_the_newest_days_are_merged_without_the_unfinished_bar(world):
    s = world.server
    now = int(time.time() * 1000) // HOUR * HOUR
    today = now // (24 * HOUR) * 24 * HOUR
    start = today - 3 * 24 * HOUR

    def name(stamp, form):
        return time.strftime(form, time.gmtime(stamp / 1000))

    for day in range(start, today - 24 * HOUR, 24 * HOUR):
        s.put("AUSDT", "1h", name(day, "%Y-%m-%d"),
              csv_of(bars(day, day + 24 * HOUR)), kind="daily")
    # The venue's clock says that the bar before this hour is still open.
    s.clock = now - 1000
    s.klines = bars(start - 100 * HOUR, now + HOUR)
    text = world.fetch("AUSDT", "--from", name(start, "%Y-%m-%d"))
    assert "unfinished bars dropped" in text, text
    got = world.lines("AUSDT_1h.csv.gz")
    assert got == canonical(bars(start, now - HOUR)), (got[-3:], now)
    # Later the history goes on where it ended; no --from is needed.
    s.clock = now + 1000
    world.fetch("AUSDT")
    assert world.lines("AUSDT_1h.csv.gz") == canonical(bars(start, now))
    world.run("verify", world.dir / "AUSDT_1h.csv.gz", "--interval", "1h")


def test_rest_answers_that_are_no_bars_are_refused(world):
    world.server.klines = [(JANUARY, "1", "0.5", "1", "1", "1")]
    text = world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01", code=1)
    assert "low <= open, close <= high" in text, text


def test_wrong_command_lines_are_refused(world):
    for words, part in [
            (["../x", "--from", "2024-01"], "expected a symbol"),
            (["AUSDT", "--from", "2024-13"], "--from: expected a month"),
            (["AUSDT", "--from", "2024-02-30"], "--from: expected a month"),
            (["AUSDT", "--interval", "7m", "--from", "2024-01"], "--interval"),
            (["AUSDT", "--market", "moon"], "--market"),
            (["AUSDT", "--market", "spot", "--kind", "mark"], "--kind"),
            ([], "SYMBOL")]:
        text = world.fetch(*words, code=2)
        assert part in text, text
    text = world.run("fetch", "AUSDT", "--archive-url", "http://example.com",
                     "--from", "2024-01", code=2)
    assert "--archive-url" in text, text
    assert "did you mean fetch?" in world.run("fecth", code=2)
    text = world.fetch("AUSDT", code=1)
    assert "expected --from" in text, text


def test_import_repairs_only_what_it_is_told_to(world):
    world.dir.mkdir()
    rows = bars(JANUARY, JANUARY + 30 * HOUR)
    first = world.dir / "a.zip"
    first.write_bytes(zipped("a.csv", csv_of(rows[:20], False, 1000)))
    second = world.dir / "b.csv.gz"
    second.write_bytes(gzip.compress(csv_of(rows[18:]).encode()))
    out = world.dir / "out.csv.gz"
    words = ["import", second, first, "--out", out]
    assert "--sort" in world.run(*words, code=8)
    assert "--drop-duplicates" in world.run(*words, "--sort", code=8)
    text = world.run(*words, "--sort", "--drop-duplicates")
    assert "duplicates dropped: 2" in text and "rows sorted" in text, text
    assert world.lines("out.csv.gz") == canonical(rows)
    assert "--force" in world.run(*words, code=2)
    again = out.read_bytes()
    reply = json.loads(world.run(*words, "--sort", "--drop-duplicates",
                                 "--force", "--json"))
    assert reply["rows"] == 30 and reply["duplicates"] == 2, reply
    assert out.read_bytes() == again
    assert "no such file" in world.run("import", "x.csv", "--out", "y.csv",
                                       code=3)


def test_verify_names_every_problem_and_fails_for_the_grave_ones(world):
    world.dir.mkdir()
    file = world.dir / "x.csv"

    def verify(lines, *words, code):
        file.write_text("\n".join([CANONICAL, *lines]) + "\n")
        reply = json.loads(world.run("verify", file, "--json", *words,
                                     code=code))
        found = reply["files"][0]["findings"]
        return {k: v["count"] for k, v in found.items() if v["count"]}

    rows = canonical(bars(JANUARY, JANUARY + 10 * HOUR))[1:]
    stamps = [row.split(",")[0] for row in rows]
    assert verify(rows, code=0) == {}
    assert verify(rows[:3] + rows[4:], code=0) == {"gap": 1}
    assert verify(rows[:3] + rows[4:], "--strict", code=8) == {"gap": 1}
    assert verify(rows + [rows[2]], code=8) == {"unsorted": 1, "duplicate": 1}
    assert verify([f"{stamps[0]},1,nan,1,1,1"] + rows[1:], code=8) == {
        "not_a_number": 1}
    assert verify([f"{stamps[0]},0,1,1,1,1"] + rows[1:], code=8) == {
        "not_positive": 1}
    assert verify([f"{stamps[0]},1,2,3,2,1"] + rows[1:], code=8) == {
        "bad_ohlc": 1}
    assert verify(rows, "--as-of", "2024-01-01 09:30", code=8) == {
        "unfinished": 1}
    assert "no such file" in world.run("verify", "nowhere.csv", code=3)


def test_list_remembers_and_notices_changes(world):
    world.dir.mkdir()
    file = world.dir / "AUSDT_1h.csv"
    file.write_text("\n".join(canonical(bars(JANUARY, FEBRUARY))) + "\n")
    listed = json.loads(world.run("list", world.dir, "--json"))["histories"]
    assert [x["rows"] for x in listed] == [744], listed
    assert listed[0]["sha256"] == hashlib.sha256(
        file.read_bytes()).hexdigest()
    assert listed[0]["symbol"] == "AUSDT" and listed[0]["interval"] == "1h"
    manifest = world.dir / "histories.json"
    kept = manifest.stat().st_mtime_ns
    assert "744" in world.run("list", world.dir)
    assert manifest.stat().st_mtime_ns == kept
    file.write_text("\n".join(canonical(bars(JANUARY, MARCH))) + "\n")
    manifest.write_text("not JSON")
    assert "1440" in world.run("list", world.dir)
    assert "no such directory" in world.run("list", "nowhere", code=3)


def test_a_backtest_reads_what_was_fetched(world):
    world.server.put("AUSDT", "1h", "2024-01", csv_of(bars(JANUARY, FEBRUARY)))
    world.fetch("AUSDT", "--from", "2024-01", "--to", "2024-01")
    done = subprocess.run(
        [QALPHA, "features", str(world.dir / "AUSDT_1h.csv.gz"), "--spec",
         "sma:20"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 745


def main():
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as root:
            try:
                test(World(root))
                print(name, "passed")
            except Exception as problem:  # every test is to run
                failed += 1
                print(name, "FAILED:", repr(problem))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
