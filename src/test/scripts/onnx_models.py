"""Writes ONNX graphs as PyTorch exports them.

Made with torch 1.13.1 (Debian python3-torch), whose exporter needs no other package:

    python3 src/test/scripts/onnx_models.py src/test/resources/dev/sluice/exchange

OnnxLayersTest has them computed by ONNX Runtime.
"""

import pathlib
import sys
import warnings

import torch
from torch import nn

WIDTH = 3


class Net(nn.Module):
    """A head on every h, or on the last one only."""

    def __init__(self, kind, hidden, layers, is_last=False, **more):
        super().__init__()
        self.rnn = getattr(nn, kind)(WIDTH, hidden, layers, **more)
        self.head = nn.Linear(hidden * (2 if more.get("bidirectional") else 1), 2)
        self.is_last = is_last

    def forward(self, x, *memory):
        y, after = self.rnn(x, memory or None)
        if memory:
            return self.head(y), *after
        return self.head(y[:, -1] if self.is_last else y)


CASES = {
    "lstm1-last": ("LSTM", 8, 1, {"is_last": True, "batch_first": True}),
    "lstm2-batch-first": ("LSTM", 7, 2, {"batch_first": True, "dropout": 0.2}),
    "lstm2-memory": ("LSTM", 5, 2, {}),
    "gru1-unbiased": ("GRU", 6, 1, {"bias": False}),
    "gru2-dropout": ("GRU", 9, 2, {"batch_first": True, "dropout": 0.2}),
    "lstm2-both-ways": ("LSTM", 4, 2, {"bidirectional": True}),
}

folder = pathlib.Path(sys.argv[1])
warnings.simplefilter("ignore")
for number, (name, (kind, hidden, layers, more)) in enumerate(CASES.items()):
    torch.manual_seed(number)
    net = Net(kind, hidden, layers, **more).eval()
    inputs = [torch.zeros(1, 4, WIDTH) if more.get("batch_first") else torch.zeros(4, 1, WIDTH)]
    names = ["x"]
    if name.endswith("memory"):
        inputs += [torch.zeros(layers, 1, hidden)] * 2
        names += ["h", "c"]
    torch.onnx.export(
        net,
        tuple(inputs),
        folder / (name + ".onnx"),
        input_names=names,
        output_names=["y"],
        dynamic_axes={"x": [1 if more.get("batch_first") else 0]},
        opset_version=14,
    )
