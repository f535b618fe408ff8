"""Pictures of small trainings; see training_pictures.sh."""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import training_events

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
    "horizon": 3,
    "training": { "epochs": 2, "batch": 64, "learning_rate": 0.003 },
    "model": { "hidden": 8, "heads": 2, "levels": [0.1, 0.5, 0.9] },
  },
  "regime": {
    "data": { "planted": "regimes", "rows": 6000, "shortest": 50, "mean_length": 200 },
    "features": [
      { "feature": "log_return", "name": "drift", "period": 28 },
      { "feature": "realised_volatility", "name": "volatility", "period": 28, "bar_minutes": 60 },
    ],
    "naming_bars": 28,
    "training": { "epochs": 2, "batch": 256, "learning_rate": 0.002 },
    "model": { "hidden": [16, 8], "latent": 3, "projection": 4, "divergence": 0.1, "contrast": 0.1 },
  },
  "decision-transformer": {
    "data": { "planted": "signal", "rows": 3000, "correlation": 0.5 },
    "features": [
      { "feature": "taker_share", "name": "takers" },
      { "feature": "log_return", "name": "return" },
    ],
    "episodes": { "steps": 24, "cost": 0.0005, "players": 2 },
    "training": { "epochs": 2, "batch": 64, "learning_rate": 0.003 },
    "model": { "hidden": 8, "layers": 1, "heads": 2, "context": 4, "dropout": 0 },
  },
}"""

# Of each model: tags of pictures, and how many of each.
EXPECTED = {
    "tft": {
        f"{when}/{name}": count
        for when, count in (("epoch", 2), ("test", 1))
        for name in ("fan", "calibration", "importance")
    },
    "regime": {"epoch/latent_space": 2, "test/latent_space": 1},
    "decision-transformer": {"test/returns": 1},
}


def check(right, what):
    if not right:
        sys.exit(f"FAILED: {what}")


def run(*words):
    done = subprocess.run(
        [BIN, *map(str, words)], capture_output=True, text=True, timeout=300
    )
    check(done.returncode == 0, f"{words}: {done.returncode}: {done.stderr}")
    return done


def check_events(model, out):
    (path,) = (out / "events").glob("events.out.tfevents.*")
    events = training_events.read_events(path)
    check(events[0].file_version == "brain.Event:2", events[0])
    values = [(e.step, v) for e in events for v in e.summary.value]
    tags = {value.tag for _, value in values}
    for tag in ("loss/train", "loss/validation"):
        check(tag in tags, f"{model}: no {tag} in {tags}")
    check(any(v.histo.num > 0 for _, v in values), f"{model}: no histogram")
    found = {}
    steps = {}
    for step, value in values:
        if not value.HasField("image"):
            continue
        image = value.image
        width, height, colours = training_events.read_png(image.encoded_image_string)
        check((image.width, image.height) == (width, height), value.tag)
        check(image.colorspace == 3, value.tag)
        check(len(colours) > 10, f"{value.tag} shows nothing")
        found[value.tag] = found.get(value.tag, 0) + 1
        steps.setdefault(value.tag, set()).add(step)
    check(found == EXPECTED[model], f"{model}: {found}")
    for tag, count in found.items():
        check(len(steps[tag]) == count, f"{tag} twice in a step")


def check_latent_files(files, parts):
    svg = xml.etree.ElementTree.parse(files["latent_svg"]).getroot()
    texts = "".join(svg.itertext())
    for word in ("bull", "bear", "sideways", "high volatility", "of the variance"):
        check(word in texts, f"no {word!r} in the picture")
    png = pathlib.Path(files["latent_png"]).read_bytes()
    check(training_events.read_png(png)[:2] == (960, 640), "size of the PNG")
    with open(files["latent_csv"], newline="") as file:
        rows = list(csv.DictReader(file))
    check({row["part"] for row in rows} == parts, "parts")
    check(len({row["regime"] for row in rows}) == 4, "regimes")
    for row in rows:
        float(row["component_1"]) + float(row["component_2"])
        share = float(row["explained_1"]) + float(row["explained_2"])
        check(0 < share <= 1.0001, f"explains {share}")
    times = [int(row["time_ms"]) for row in rows]
    check(times == sorted(times), "times do not rise")
    return rows


def check_models(folder):
    config = folder / "train.json"
    config.write_text(CONFIG)
    for model in EXPECTED:
        out = folder / model
        said = run("train", model, config, "--json", "--out", out)
        result = json.loads(said.stdout.splitlines()[-1])
        check_events(model, out)
        if model == "regime":
            check(result["latent_svg"] in said.stderr, said.stderr)
            rows = check_latent_files(result, {"train", "validation", "test"})
            train = [row for row in rows if row["part"] == "train"]
            check(len(train) == result["train_rows"], "training rows")
        else:
            check("latent_svg" not in result, "a latent space")


def check_stored_model(folder):
    seconds, price = 1_600_000_000, 100.0
    lines = ["timestamp,open,high,low,close,volume"]
    for i in range(2_000):
        move = (0.002, -0.002, 0.0002, 0.02)[i // 100 % 4] * (1 if i % 3 else -0.5)
        before, price = price, price * (1 + move)
        high, low = max(before, price) * 1.001, min(before, price) * 0.999
        lines.append(f"{seconds + 3600 * i},{before},{high},{low},{price},1")
    table = folder / "ETHUSDT.csv"
    table.write_text("\n".join(lines) + "\n")
    words = ["models", "picture", "regime", "--dir", folder / "regime/models"]
    words += ["--data", table, "--out", folder / "drawn", "--json"]
    files = json.loads(run(*words).stdout)
    with open(files["latent_csv"], newline="") as file:
        rows = list(csv.DictReader(file))
    check(files["rows"] == len(rows) > 1_900, f"{len(rows)} rows")
    check({row["instrument"] for row in rows} == {"ETHUSDT"}, "instrument")
    check({row["part"] for row in rows} == {""}, "parts that nobody knows")
    check(float(rows[0]["explained_1"]) > 0, "what axes explain")


with tempfile.TemporaryDirectory() as name:
    check_models(pathlib.Path(name))
    check_stored_model(pathlib.Path(name))
print("passed")
