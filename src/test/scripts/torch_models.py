"""Writes state dicts as PyTorch saves them, and what PyTorch computes with them.

Made with torch 1.13.1 (Debian python3-torch):

    python3 src/test/scripts/torch_models.py src/test/resources/dev/sluice/exchange

Each NAME.pt is torch.save of the state dict of a module with `rnn` and `head`; each NAME.txt has the
outputs of the head at every 50th of 1,000 steps, one step a line. Inputs are those of `inputs`.
"""

import pathlib
import sys

import torch
from torch import nn

STEPS = 1000
WIDTH = 3


class Net(nn.Module):
    def __init__(self, kind, hidden, layers, outputs, **more):
        super().__init__()
        self.rnn = getattr(nn, kind)(WIDTH, hidden, layers, **more)
        width = more.get("proj_size") or hidden * (2 if more.get("bidirectional") else 1)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.rnn(x)[0])


def inputs():
    x = [[((t * 7919 + k * 104729) % 2001 - 1000) / 500 for k in range(WIDTH)] for t in range(STEPS)]
    return torch.tensor(x, dtype=torch.float32)


CASES = {
    "lstm1": ("LSTM", 8, 1, 2, {}),
    "lstm3": ("LSTM", 7, 3, 2, {}),
    "lstm2-projected": ("LSTM", 9, 2, 2, {"proj_size": 5}),
    "lstm1-unbiased": ("LSTM", 8, 1, 2, {"bias": False}),
    "gru1": ("GRU", 8, 1, 2, {}),
    "gru2": ("GRU", 18, 2, 2, {}),
    "lstm1-both-ways": ("LSTM", 4, 1, 2, {"bidirectional": True}),
}

folder = pathlib.Path(sys.argv[1])
torch.set_num_threads(1)
for number, (name, (kind, hidden, layers, outputs, more)) in enumerate(CASES.items()):
    torch.manual_seed(number)
    net = Net(kind, hidden, layers, outputs, **more)
    torch.save(net.state_dict(), folder / (name + ".pt"))
    with torch.no_grad():
        y = net(inputs())[::50]
    lines = [" ".join(repr(float(v)) for v in row) for row in y]
    (folder / (name + ".txt")).write_text("\n".join(lines) + "\n")
torch.save(Net("RNN", 4, 1, 1).state_dict(), folder / "rnn1.pt")
torch.save(Net("LSTM", 4, 1, 2).half().state_dict(), folder / "lstm1-half.pt")
torch.save(Net("LSTM", 4, 1, 2), folder / "whole-module.pt")
