"""Times ours and PyWavelets in turn, one thread, by processor time, and checks
that they agree; see wavelet.sh."""

import os
import subprocess
import tempfile
import time

import numpy as np
import pywt

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.environ.get("BENCH", f"{HERE}/../../build/release/tests/bench/"
                                "bench_wavelet")


def ours(*arguments):
    return float(subprocess.run([BENCH, *map(str, arguments)],
                                capture_output=True, text=True,
                                check=True).stdout)


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


def sure(details, hybrid):
    """Threshold of one level for its own noise, as numpy does it."""
    n = len(details)
    noise = np.median(np.abs(details)) / 0.6745
    universal = np.sqrt(2 * np.log(n))
    squares = (details / noise) ** 2
    if hybrid and (squares.sum() - n) / n < np.log2(n) ** 1.5 / np.sqrt(n):
        return universal * noise
    squares.sort()
    k = np.arange(1, n + 1)
    risks = n - 2 * k + np.cumsum(squares) + (n - k) * squares
    threshold = np.sqrt(squares[risks.argmin()])
    return (min(threshold, universal) if hybrid else threshold) * noise


def peer(x, wavelet, levels, rule):
    parts = pywt.wavedec(x, wavelet, "symmetric", levels)
    if rule in ("sure", "sure_shrink"):
        thresholds = [sure(d, rule == "sure_shrink") for d in parts[1:]]
    else:
        noise = np.median(np.abs(parts[-1])) / 0.6745
        thresholds = [noise * np.sqrt(2 * np.log(len(x)))] * levels
    shrunk = [pywt.threshold(d, t, "soft")
              for d, t in zip(parts[1:], thresholds)]
    return pywt.waverec([parts[0], *shrunk], wavelet, "symmetric")[:len(x)]


def show(what, size, mine, other, worst):
    print(f"{what:32} {size:>8}  ours {mine / size * 1e9:7.2f}  PyWavelets "
          f"{other / size * 1e9:7.2f} ns/value  ratio {other / mine:5.1f}  "
          f"worst difference {worst:.1e}")


def main():
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    random = np.random.default_rng(7)
    walk = 10 + np.cumsum(random.normal(0, 0.0007, 1 << 21))
    with tempfile.TemporaryDirectory(prefix="qalpha-bench-") as folder:
        source, out = f"{folder}/in", f"{folder}/out"
        for size, levels in ((512, 4), (65_536, 6), (1 << 21, 6)):
            x = walk[:size]
            x.tofile(source)
            for wavelet, rule in (("db4", "sure"), ("sym8", "sure"),
                                  ("db4", "sure_shrink"), ("db4", "universal")):
                mine = ours("denoise", source, wavelet, levels, rule, out)
                other, expected = timed(lambda: peer(x, wavelet, levels, rule))
                show(f"denoise, {wavelet}, {levels} levels, {rule}", size, mine,
                     other, np.abs(np.fromfile(out) - expected).max())
            mine = ours("transform", source, "db4", levels, out)
            other, expected = timed(lambda: pywt.waverec(
                pywt.wavedec(x, "db4", "symmetric", levels), "db4", "symmetric"))
            show(f"to and fro, db4, {levels} levels", size, mine, other,
                 np.abs(np.fromfile(out) - expected).max())
        # Few bars, so that some runs are undisturbed.
        walk[:1_011].tofile(source)
        for rule in ("universal", "sure", "sure_shrink", "bayes"):
            seconds = ours("last", source, "db4", 4, rule, 512)
            print(f"a window of 512 a bar, db4, 4 levels, {rule}: "
                  f"{seconds * 1e6:.2f} us a bar")


main()
