"""The temporal fusion transformer beside PyTorch, TorchScript and ONNX Runtime
with the same weights in the same run, one thread. tft.sh starts it."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peers"))
from tft_graph import TemporalFusion  # noqa: E402

SERIES, OBSERVED, KNOWN = 8, 11, 4
HIDDEN, HEADS, LOOKBACK, HORIZON, LEVELS = 64, 4, 168, 24, 9
BATCH = 64


def read(folder):
    """The tensors that bench_tft wrote, by name."""
    result = {}
    with open(os.path.join(folder, "tensors.f32"), "rb") as values:
        for line in open(os.path.join(folder, "tensors.txt")):
            name, *shape = line.split()
            shape = [int(side) for side in shape]
            count = torch.Size(shape).numel()
            data = bytearray(values.read(4 * count))
            result[name] = torch.frombuffer(data, dtype=torch.float32).reshape(shape)
    return result


def make(dropout):
    return TemporalFusion(SERIES, OBSERVED, KNOWN, HIDDEN, HEADS, LOOKBACK,
                          HORIZON, LEVELS, dropout, 1e-3)


def milliseconds(work, runs=60):
    for _ in range(5):
        work()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - begin))
    return times


def show(name, times):
    times = sorted(times)
    print(f"{name:44s} P50 {statistics.median(times):7.2f} ms   "
          f"P10 {times[len(times) // 10]:7.2f}", flush=True)


def infer(tensors, folder):
    model = make(0.0).eval()
    model.take(tensors)
    window = (tensors["in.series"].long(), tensors["in.observed"],
              tensors["in.known"])
    with torch.inference_mode():
        off = (model(*window) - tensors["out"]).abs().max().item()
    print(f"largest difference between PyTorch and our forecaster: {off:.1e}")
    assert off <= 1e-5
    with torch.no_grad():
        traced = torch.jit.freeze(torch.jit.trace(model, window))
        traced.save(os.path.join(folder, "frozen.pt"))
        try:
            torch.onnx.export(model, window, os.path.join(folder, "tft.onnx"),
                              input_names=["series", "observed", "known"],
                              opset_version=14)
        except Exception as error:  # noqa: BLE001
            print("no ONNX:", str(error).splitlines()[0])
    with torch.inference_mode():
        show("PyTorch, eager", milliseconds(lambda: model(*window)))
        show("PyTorch, frozen TorchScript",
             milliseconds(lambda: traced(*window)))


def train(tensors):
    torch.manual_seed(1)
    model = make(0.1).train()
    model.take(tensors)
    levels = torch.arange(1, 10) / 10.0
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3)
    series = torch.randint(0, SERIES, (BATCH,))
    observed = torch.randn(BATCH, LOOKBACK, OBSERVED)
    known = torch.randn(BATCH, LOOKBACK + HORIZON, KNOWN)
    targets = torch.randn(BATCH, HORIZON, 1)

    def step():
        optimiser.zero_grad()
        error = targets - model(series, observed, known)
        loss = torch.maximum(levels * error, (levels - 1) * error)
        loss = loss.sum() / (BATCH * HORIZON)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()

    step()
    times = []
    for _ in range(int(os.environ.get("STEPS", "5"))):
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    best = BATCH / min(times)
    print(f"{'PyTorch, training, batch 64':44s} "
          f"P50 {BATCH / statistics.median(times):7.1f} samples/s   best {best:7.1f}")


def main():
    program = sys.argv[1]
    node = sys.argv[2] if len(sys.argv) > 2 else ""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "write", folder], check=True)
        tensors = read(folder)
        infer(tensors, folder)
        subprocess.run([program, "time", folder], check=True)
        if node and os.path.exists(os.path.join(folder, "tft.onnx")):
            subprocess.run(["node", node, folder], check=True)
        subprocess.run([program, "train"], check=True)
        train(tensors)


main()
