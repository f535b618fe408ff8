"""Times ours and the peers in turn, one thread, by processor time, and checks
that they agree; see fracdiff.sh."""

import os
import subprocess
import tempfile
import time

import numpy as np
from scipy import signal
from statsmodels.tsa.stattools import adfuller

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.environ.get("BENCH", f"{HERE}/../../build/release/tests/bench/"
                                "bench_fracdiff")
ROWS = 2_628_000  # five years of minutes
D, THRESHOLD = 0.4, 1e-5


def ours(*arguments):
    return [float(x) for x in subprocess.run(
        [BENCH, *map(str, arguments)], capture_output=True, text=True,
        check=True).stdout.split()]


def timed(work):
    """The median of batches, as ours are timed."""
    begin = time.process_time()
    result = work()
    runs = int(0.01 / max(time.process_time() - begin, 1e-6)) + 1
    batches, end = [], time.process_time() + 0.5
    while len(batches) < 3 or time.process_time() < end:
        begin = time.process_time()
        for _ in range(runs):
            result = work()
        batches.append((time.process_time() - begin) / runs)
    return sorted(batches)[len(batches) // 2], result


def weights():
    result = [1.0]
    while True:
        k = len(result)
        following = -result[-1] * (D - k + 1) / k
        if abs(following) < THRESHOLD:
            return np.array(result)
        result.append(following)


def show(what, unit, mine, peer, name, agreement):
    print(f"{what:34} ours {mine:10.3f}  {name} {peer:10.3f} {unit}  "
          f"ratio {peer / mine:6.1f}  {agreement}")


def columns(folder, logs):
    w = weights()
    logs.tofile(f"{folder}/logs")
    seconds, = ours("column", f"{folder}/logs", D, THRESHOLD, f"{folder}/out")
    peer, expected = timed(lambda: signal.oaconvolve(logs, w, "valid"))
    out = np.fromfile(f"{folder}/out")[len(w) - 1:]
    worst = np.abs(out - expected).max()
    show(f"column, {len(w)} weights, {ROWS} rows", "ns/row", seconds / ROWS * 1e9,
         peer / ROWS * 1e9, "oaconvolve", f"worst difference {worst:.1e}")
    rows = 200_000
    logs[:rows].tofile(f"{folder}/logs")
    seconds, = ours("rows", f"{folder}/logs", D, THRESHOLD, f"{folder}/out")
    print(f"a row at a time, {len(w)} weights: {seconds / rows * 1e9:.0f} ns/row")


def tests(folder, logs, rows, lag):
    logs[:rows].tofile(f"{folder}/logs")
    if lag is None:
        mine = ours("adf", f"{folder}/logs", "aic")
        peer, expected = timed(lambda: adfuller(logs[:rows]))
    else:
        mine = ours("adf", f"{folder}/logs", "fixed", lag)
        peer, expected = timed(
            lambda: adfuller(logs[:rows], maxlag=lag, autolag=None))
    assert mine[2] == expected[2]
    rule = "AIC" if lag is None else f"{lag} lag"
    show(f"unit root test, {rule}, {rows} rows", "ms    ", mine[0] * 1e3,
         peer * 1e3, "statsmodels",
         f"statistics {mine[1]:.10g} {expected[0]:.10g}")


def search(folder, logs, rows):
    """The same grid with SciPy's convolution and one lag."""
    global D
    x = logs[:rows]
    x.tofile(f"{folder}/logs")
    mine = ours("search", f"{folder}/logs", THRESHOLD)

    def peer():
        global D
        found = -1
        for step in range(20, -1, -1):
            D = step / 20
            w = weights()
            y = signal.oaconvolve(x, w, "valid")
            np.corrcoef(y, x[len(w) - 1:])
            if adfuller(y, maxlag=1, autolag=None)[1] < 0.05:
                found = D
        return found
    seconds, found = timed(peer)
    show(f"smallest order, 21 tried, {rows} rows", "ms    ", mine[0] * 1e3,
         seconds * 1e3, "SciPy + statsmodels", f"found {mine[1]} {found}")


def main():
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    random = np.random.default_rng(7)
    logs = 10 + np.cumsum(random.normal(0, 0.0007, ROWS))
    with tempfile.TemporaryDirectory(prefix="qalpha-bench-") as folder:
        columns(folder, logs)
        for rows, lag in ((10_000, None), (10_000, 1), (200_000, 1)):
            tests(folder, logs, rows, lag)
        search(folder, logs, 20_000)


main()
