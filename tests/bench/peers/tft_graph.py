"""The temporal fusion transformer in PyTorch, as its paper describes it and as one
writes it there: one network a variable, torch.nn.LSTM, all of the attention.
Takes the weights of our module by their names in a checkpoint."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Residual(nn.Module):
    def __init__(self, inputs, hidden, outputs, context, dropout, eps, skip):
        super().__init__()
        self.input = nn.Linear(inputs, hidden)
        self.context = nn.Linear(context, hidden, bias=False) if context else None
        self.output = nn.Linear(hidden, hidden)
        self.gate = nn.Linear(hidden, 2 * outputs)
        self.skip = nn.Linear(inputs, outputs) if skip else None
        self.norm = nn.LayerNorm(outputs, eps=eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, a, c=None):
        first = self.input(a)
        if c is not None:
            first = first + self.context(c)
        inner = self.dropout(self.output(F.elu(first)))
        skip = a if self.skip is None else self.skip(a)
        return self.norm(F.glu(self.gate(inner), -1) + skip)


class GateAddNorm(nn.Module):
    def __init__(self, hidden, dropout, eps):
        super().__init__()
        self.gate = nn.Linear(hidden, 2 * hidden)
        self.norm = nn.LayerNorm(hidden, eps=eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, skip):
        return self.norm(F.glu(self.gate(self.dropout(x)), -1) + skip)


class Selection(nn.Module):
    def __init__(self, variables, hidden, dropout, eps):
        super().__init__()
        self.joint = Residual(variables * hidden, hidden, variables, hidden,
                              dropout, eps, True)
        self.variables = nn.ModuleList(
            Residual(hidden, hidden, hidden, 0, dropout, eps, False)
            for _ in range(variables))

    def forward(self, x, c):
        weights = torch.softmax(self.joint(x.flatten(-2), c), -1)
        each = [net(x[..., i, :]) for i, net in enumerate(self.variables)]
        return (torch.stack(each, -1) @ weights.unsqueeze(-1)).squeeze(-1)


class TemporalFusion(nn.Module):
    """With one static category, observed values and known values."""

    def __init__(self, series, observed, known, hidden, heads, lookback, horizon,
                 levels, dropout, eps):
        super().__init__()
        self.sizes = (hidden, heads, lookback, horizon)
        self.category = nn.Embedding(series, hidden)
        self.observed_vectors = nn.Parameter(torch.zeros(observed, hidden))
        self.observed_offsets = nn.Parameter(torch.zeros(observed, hidden))
        self.known_vectors = nn.Parameter(torch.zeros(known, hidden))
        self.known_offsets = nn.Parameter(torch.zeros(known, hidden))
        plain = lambda context=0: Residual(hidden, hidden, hidden, context,
                                           dropout, eps, False)
        gate = lambda: GateAddNorm(hidden, dropout, eps)
        self.static_network = plain()
        self.selection_context = plain()
        self.enrichment_context = plain()
        self.hidden_context = plain()
        self.cell_context = plain()
        self.past_selection = Selection(observed + known, hidden, dropout, eps)
        self.known_selection = Selection(known, hidden, dropout, eps)
        self.encoder = nn.LSTM(hidden, hidden, batch_first=True)
        self.decoder = nn.LSTM(hidden, hidden, batch_first=True)
        self.recurrent_gate = gate()
        self.enrichment = plain(hidden)
        self.projection = nn.Linear(hidden, 2 * hidden + hidden // heads, bias=False)
        self.attention_output = nn.Linear(hidden // heads, hidden, bias=False)
        self.attention_gate = gate()
        self.positionwise = plain()
        self.output_gate = gate()
        self.quantiles = nn.Linear(hidden, levels)
        self.dropout = nn.Dropout(dropout)
        steps = lookback + horizon
        self.register_buffer("later", torch.ones(steps, steps).triu(1).bool())

    def attend(self, x):
        hidden, heads, lookback, horizon = self.sizes
        width = hidden // heads
        q, k, v = self.projection(x).split((hidden, hidden, width), -1)
        shape = (x.shape[0], lookback + horizon, heads, width)
        q = q.reshape(shape).transpose(1, 2)
        k = k.reshape(shape).transpose(1, 2)
        score = q @ k.transpose(2, 3) / math.sqrt(width)
        share = torch.softmax(score.masked_fill(self.later, -math.inf), -1)
        share = self.dropout(share).mean(1)
        return self.attention_output(share @ v)

    def forward(self, series, observed, known):
        hidden, heads, lookback, horizon = self.sizes
        known = known.unsqueeze(-1) * self.known_vectors + self.known_offsets
        past = (observed.unsqueeze(-1) * self.observed_vectors
                + self.observed_offsets)
        past = torch.cat((past, known[:, :lookback]), 2)
        static = self.static_network(self.category(series))
        selection = self.selection_context(static).unsqueeze(1)
        state = (self.hidden_context(static).unsqueeze(0),
                 self.cell_context(static).unsqueeze(0))
        past = self.past_selection(past, selection)
        future = self.known_selection(known[:, lookback:], selection)
        encoded, state = self.encoder(past, state)
        decoded, _ = self.decoder(future, state)
        gated = self.recurrent_gate(torch.cat((encoded, decoded), 1),
                                    torch.cat((past, future), 1))
        enriched = self.enrichment(gated,
                                   self.enrichment_context(static).unsqueeze(1))
        attended = self.attend(enriched)[:, lookback:]
        attended = self.attention_gate(attended, enriched[:, lookback:])
        last = self.output_gate(self.positionwise(attended), gated[:, lookback:])
        return self.quantiles(last)

    def take(self, weights):
        """`weights`: tensors by the names of our checkpoints."""
        state = {}
        for name in self.state_dict():
            if name == "later":
                continue
            state[name] = ours(name, weights)
        self.load_state_dict(state, strict=False)


SIMPLE = {
    "category.weight": "static_inputs.category_0",
    "observed_vectors": "observed_inputs.vectors",
    "observed_offsets": "observed_inputs.offsets",
    "known_vectors": "known_inputs.vectors",
    "known_offsets": "known_inputs.offsets",
    "projection.weight": "attention.projection.weight",
    "attention_output.weight": "attention.output.weight",
}
RECURRENT = {
    "weight_ih_l0": "input_weight",
    "weight_hh_l0": "hidden_weight",
    "bias_ih_l0": "input_bias",
    "bias_hh_l0": "hidden_bias",
}


def ours(name, weights):
    if name in SIMPLE:
        return weights[SIMPLE[name]]
    first, rest = name.split(".", 1)
    if rest in RECURRENT:
        return weights[first + "." + RECURRENT[rest]]
    if first == "static_network":
        return weights["static_selection.variables." + rest.replace(".", "_")][0]
    if rest.startswith("variables."):
        _, i, layer, kind = rest.split(".")
        return weights[f"{first}.variables.{layer}_{kind}"][int(i)]
    return weights[name]
