"""Trainings that are interrupted, shared and misconfigured; see train.sh."""

import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

BIN = sys.argv[1]

CONFIG = """{
  "tft": {
    "data": { "planted": "signal", "rows": 1500, "correlation": 0.5 },
    "features": [
      { "feature": "log_return", "name": "return" },
      { "feature": "taker_share", "name": "takers" },
      { "feature": "calendar", "name": "when" },
    ],
    "lookback": 6,
    "horizon": 2,
    "training": { "epochs": EPOCHS, "batch": 32, "learning_rate": 0.003 },
    "model": { "hidden": 8, "heads": 2, "dropout": DROPOUT, "levels": [0.1, 0.5, 0.9] },
  },
}"""


def check(right, what):
    if not right:
        sys.exit(f"FAILED: {what}")


def write_config(folder, epochs=4, dropout=0.1):
    path = folder / "train.json"
    text = CONFIG.replace("EPOCHS", str(epochs))
    path.write_text(text.replace("DROPOUT", str(dropout)))
    return path


def words(config, out, *more):
    return [BIN, "train", "tft", str(config), "--json", "--out", str(out), *more]


def train(config, out, *more, code=0):
    done = subprocess.run(
        words(config, out, *more), capture_output=True, text=True, timeout=300
    )
    check(done.returncode == code, f"exit {done.returncode}: {done.stderr}")
    return done


def weights(out):
    return (out / "models/tft/1/model.safetensors").read_bytes()


def wait_for(condition, what):
    end = time.monotonic() + 120
    while not condition():
        check(time.monotonic() < end, f"no {what} in time")
        time.sleep(0.01)


def interrupt(config, out, how):
    """Starts a training and ends it by a signal once it has a state."""
    process = subprocess.Popen(
        words(config, out, "--save-every", "0.01"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for((out / "training.state").exists, "state")
    process.send_signal(how)
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors


def check_resume(folder):
    config = write_config(folder)
    whole = folder / "whole"
    result = json.loads(train(config, whole).stdout.splitlines()[-1])
    for key in ("test_correlation", "attainable_correlation", "coverage"):
        check(key in result, f"no {key} in {result}")
    check(not (whole / "training.state").exists(), "a state after the end")
    events = list((whole / "events").glob("events.out.tfevents.*"))
    check(len(events) == 1 and events[0].stat().st_size > 1_000, f"{events}")

    killed = folder / "killed"
    code, _ = interrupt(config, killed, signal.SIGKILL)
    check(code == -signal.SIGKILL, f"ended with {code} before the kill")
    check("--resume" in train(config, killed, code=2).stderr, "began anew")
    train(config, killed, "--resume")
    check(weights(killed) == weights(whole), "other weights after a kill")

    stopped = folder / "stopped"
    code, errors = interrupt(config, stopped, signal.SIGINT)
    check(code == 9, f"ended with {code} after a signal")
    check("--resume" in errors, f"does not say how to go on: {errors}")
    train(config, stopped, "--resume")
    check(weights(stopped) == weights(whole), "other weights after a stop")

    other = folder / "other"
    interrupt(config, other, signal.SIGKILL)
    said = train(config, other, "--resume", "--seed", "2", code=1).stderr
    check("another configuration or seed" in said, said)


def curve(errors):
    pairs = re.findall(r"loss ([\d.]+), validation ([\d.]+)", errors)
    return [float(x) for pair in pairs for x in pair]


def check_two_processes(folder):
    config = write_config(folder, epochs=2, dropout=0)
    alone = curve(train(config, folder / "alone").stderr)
    check(len(alone) == 4, f"no curve: {alone}")
    meeting = ["--world", "2", "--meet", str(folder / "meeting")]
    second = subprocess.Popen(
        words(config, folder / "second", *meeting, "--rank", "1"),
        stderr=subprocess.PIPE,
        text=True,
    )
    first = train(config, folder / "first", *meeting, "--rank", "0")
    check(second.wait(timeout=120) == 0, "the second process failed")
    together = curve(first.stderr)
    far = max(abs(x - y) for x, y in zip(alone, together, strict=True))
    print(f"two processes: curves differ by {far:.1e}")
    check(far <= 1e-5, f"{alone} alone, {together} together")


def check_faults(folder):
    config = folder / "wrong.json"
    text = CONFIG.replace("EPOCHS", "1").replace("DROPOUT", "0.1")
    for change, said in (
        (('"rows": 1500', '"rows": 1500, "colour": 1'), "tft.data: "),
        (('"batch": 32', '"batch": 0'), "tft.training.batch: expected"),
        (('"heads": 2', '"heads": 3'), "heads: expected a divisor"),
    ):
        config.write_text(text.replace(*change))
        code = 8 if said.startswith("heads") else 78
        errors = train(config, folder / "wrong", code=code).stderr
        check(said in errors, f"{said!r} not in {errors!r}")
    table = folder / "short.csv"
    table.write_text(
        "timestamp,open,high,low,close,volume,quote_volume,count,taker_buy_volume\n"
        + "".join(f"{1_600_000_000 + 3600 * i},1,1,1,1,1,1,1,1\n" for i in range(5))
    )
    config.write_text(
        text.replace(
            '"planted": "signal", "rows": 1500, "correlation": 0.5',
            '"files": { "BTCUSDT": "short.csv" }',
        )
    )
    errors = train(config, folder / "wrong", code=8).stderr
    check("BTCUSDT: expected at least" in errors, errors)


with tempfile.TemporaryDirectory() as name:
    check_resume(pathlib.Path(name))
    check_two_processes(pathlib.Path(name))
    check_faults(pathlib.Path(name))
print("passed")
