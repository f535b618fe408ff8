"""A decision transformer as PyTorch users write it, with the names of the
published implementation, timed beside ours; see ../decision_transformer.sh."""

import os
import subprocess
import tempfile
import time

import numpy as np
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.environ.get("BENCH", f"{HERE}/../../../build/release/tests/bench/"
                                "bench_decision_transformer")
STATES, ACTIONS, WIDTH, LAYERS, STEPS, EPISODE = 50, 4, 128, 3, 20, 4096


class Conv1D(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs) * 0.02)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        rows = torch.addmm(self.bias, x.view(-1, x.size(-1)), self.weight)
        return rows.view(x.size(0), x.size(1), -1)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_attn = Conv1D(WIDTH, 3 * WIDTH)
        self.c_proj = Conv1D(WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, unseen):
        q, k, v = self.c_attn(x).split(WIDTH, dim=2)
        scores = q @ k.transpose(1, 2) / WIDTH ** 0.5 + unseen
        shares = self.drop(torch.softmax(scores, -1))
        return self.drop(self.c_proj(shares @ v))


class Layers(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_fc = Conv1D(WIDTH, 4 * WIDTH)
        self.c_proj = Conv1D(4 * WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        return self.drop(self.c_proj(torch.relu(self.c_fc(x))))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attn, self.mlp = Attention(), Layers()

    def forward(self, x, unseen):
        x = x + self.attn(self.ln_1(x), unseen)
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = nn.ModuleList(Block() for _ in range(LAYERS))
        self.ln_f = nn.LayerNorm(WIDTH)
        self.drop = nn.Dropout(0.1)
        tokens = 3 * STEPS
        self.register_buffer(
            "unseen", torch.full((tokens, tokens), -1e4).triu(1), False)

    def forward(self, x):
        x = self.drop(x)
        for block in self.h:
            x = block(x, self.unseen)
        return self.ln_f(x)


class DecisionTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.transformer = Transformer()
        self.embed_timestep = nn.Embedding(EPISODE, WIDTH)
        self.embed_return = nn.Linear(1, WIDTH)
        self.embed_state = nn.Linear(STATES, WIDTH)
        self.embed_action = nn.Linear(ACTIONS, WIDTH)
        self.embed_ln = nn.LayerNorm(WIDTH)
        self.predict_state = nn.Linear(WIDTH, STATES)
        self.predict_action = nn.Sequential(nn.Linear(WIDTH, ACTIONS))
        self.predict_return = nn.Linear(WIDTH, 1)

    def forward(self, returns, states, actions, steps):
        when = self.embed_timestep(steps)
        tokens = torch.stack((self.embed_return(returns) + when,
                              self.embed_state(states) + when,
                              self.embed_action(actions) + when), 2)
        x = self.transformer(self.embed_ln(tokens.flatten(1, 2)))
        x = x.view(x.size(0), STEPS, 3, WIDTH)
        return torch.tanh(self.predict_action(x[:, :, 1]))


def floats(path, *shape):
    return torch.from_numpy(np.fromfile(path, np.float32).reshape(shape))


def timed(work):
    """The median of batches, as ours are timed."""
    for _ in range(20):
        work()
    begin = time.process_time()
    work()
    runs = int(0.01 / max(time.process_time() - begin, 1e-6)) + 1
    batches, end = [], time.process_time() + 0.5
    while len(batches) < 3 or time.process_time() < end:
        begin = time.process_time()
        for _ in range(runs):
            work()
        batches.append((time.process_time() - begin) / runs)
    return sorted(batches)[len(batches) // 2]


def load_weights(model, folder):
    values, at, named = floats(f"{folder}/weights.f32", -1), 0, {}
    for line in open(f"{folder}/weights.txt"):
        name, *shape = line.split()
        shape = [int(side) for side in shape]
        named[name] = values[at:at + int(np.prod(shape))].view(shape)
        at += int(np.prod(shape))
    model.load_state_dict(named)


def train(model):
    returns, states = torch.rand(64, STEPS, 1), torch.randn(64, STEPS, STATES)
    actions, wanted = torch.rand(64, STEPS, ACTIONS), torch.rand(64, STEPS,
                                                                 ACTIONS)
    steps = torch.arange(STEPS).expand(64, STEPS)
    optimiser = torch.optim.AdamW(model.parameters(), 1e-4)
    model.train()

    def one():
        optimiser.zero_grad()
        loss = ((model(returns, states, actions, steps) - wanted) ** 2).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        optimiser.step()

    return 64 / timed(one)


def main():
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        fast, module, rate = map(float, subprocess.run(
            [BENCH, folder], capture_output=True, text=True,
            check=True).stdout.split())
        model = DecisionTransformer().eval()
        load_weights(model, folder)
        question = (floats(f"{folder}/returns.f32", 1, STEPS, 1),
                    floats(f"{folder}/states.f32", 1, STEPS, STATES),
                    floats(f"{folder}/actions.f32", 1, STEPS, ACTIONS),
                    torch.arange(STEPS)[None])
        answer = floats(f"{folder}/answer.f32", -1)
        with torch.inference_mode():
            apart = (model(*question)[0, -1] - answer).abs().max().item()
            eager = timed(lambda: model(*question))
        with torch.no_grad():
            frozen = torch.jit.freeze(torch.jit.trace(model, question))
            still = timed(lambda: frozen(*question))
        print(f"weights {sum(p.numel() for p in model.parameters())}, "
              f"largest difference {apart:.1e}")
        for name, seconds in (("ours", fast), ("our module", module),
                              ("PyTorch eager", eager),
                              ("PyTorch frozen", still)):
            print(f"{name:16} {seconds * 1e3:.3f} ms an answer, "
                  f"{seconds / fast:.1f} times ours")
        peer = train(model)
        print(f"training, 64 a batch: ours {rate:.0f} samples/s, PyTorch "
              f"eager {peer:.0f}, ratio {rate / peer:.2f}")


main()
