"""The rules decide the same, whoever computed their features."""

import json
import math
import os
import random
import subprocess
import sys
import tempfile

QALPHA = os.path.abspath(os.environ.get("QALPHA_BIN", "build/release/qalpha"))

# What `qalpha features` and the configuration call the same choice.
STRATEGIES = {
    "sma_cross:5:20:0": {"fast": 5, "slow": 20},
    "donchian_breakout:20:10:1": {"entry": 20, "exit": 10, "short": 1},
    "bollinger_reversion:20:1.5:1": {"window": 20, "deviations": 1.5, "short": 1},
    # Reads columns beside prices.
    "order_flow_momentum:30:1:5:5:1": {"window": 30, "entry": 1,
                                       "spread_window": 5, "max_spread": 5,
                                       "short": 1},
}


def flow(row):
    return "" if row % 211 == 0 else f"{random.gauss(0, 50):.7f}"


def write_bars(path):
    """A random walk with a hole and a flat stretch, and an order flow beside it
    that is not known now and then."""
    random.seed(5)
    price = 60_000.0
    with open(path, "w", encoding="utf-8") as out:
        out.write("timestamp,open,high,low,close,volume,order_flow,"
                  "bid,ask\n")
        for i in range(6_000):
            if 3_000 <= i < 3_007:
                continue
            first = round(price, 1)
            if not 4_000 <= i < 4_100:
                price *= math.exp(random.gauss(0, 0.002))
            last = round(price, 1)
            high = max(first, last) + round(random.random() * 20, 1)
            low = min(first, last) - round(random.random() * 20, 1)
            time = 1_704_067_200_000 + 3_600_000 * i
            out.write(f"{time},{first:.1f},{high:.1f},{low:.1f},{last:.1f},"
                      f"{random.random():.3f},"
                      f"{flow(i)},{last - 0.1:.1f},{last + 0.1:.1f}\n")


def run(*arguments):
    done = subprocess.run([QALPHA, *arguments], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"FAILED: qalpha {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def backtest(strategy, parameters, *more):
    options = [word for key, value in parameters.items()
               for word in ("--param", f"{key}={value}")]
    report = json.loads(run("backtest", "--symbol", "BTCUSDT", "--data",
                            "BTCUSDT=bars.csv", "--strategy", strategy, "--json",
                            *options, *more))
    return report


def main():
    with tempfile.TemporaryDirectory(prefix="qalpha-features-") as folder:
        os.chdir(folder)
        write_bars("bars.csv")
        for text, parameters in STRATEGIES.items():
            strategy = text.split(":")[0]
            run("features", "bars.csv", "--strategy", text, "--out", "f.csv")
            run("features", "bars.csv", "--strategy", text, "--check-lookahead")
            hashes = {}
            for engine in ("fused", "actors"):
                for name, more in (("computed", []),
                                   ("read", ["--features", "f.csv"])):
                    report = backtest(strategy, parameters, "--engine", engine,
                                      *more)
                    hashes[f"{engine}, {name}"] = report["run_hash"]
            print(strategy, hashes)
            if len(set(hashes.values())) != 1:
                sys.exit(f"FAILED: {strategy}: the run depends on who computed "
                         "its features")
            # A file of something else is no answer.
            other = subprocess.run(
                [QALPHA, "backtest", "--symbol", "BTCUSDT", "--data",
                 "BTCUSDT=bars.csv", "--strategy", "buy_and_hold", "--features",
                 "f.csv"], capture_output=True, text=True, check=False)
            if other.returncode != 8 or "expected the columns" not in other.stderr:
                sys.exit(f"FAILED: {other.returncode} {other.stderr}")


main()
