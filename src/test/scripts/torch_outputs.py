"""Loads an artifact of ours into PyTorch and writes what PyTorch computes with it.

Made with torch 1.13.1, numpy and safetensors 0.8.0 (Debian python3-torch, python3-safetensors):

    python3 src/test/scripts/torch_outputs.py FOLDER

reads FOLDER/rich.safetensors, which ArtifactTest holds to be what we write, and writes
FOLDER/rich-torch.safetensors: seeded inputs (T, I), the hidden units of the last layer (T, H) and
the outputs of the head (T, O) after each of T steps. The checksum is computed here, too.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import safetensors
import safetensors.numpy
import torch

STEPS = 12

folder = pathlib.Path(sys.argv[1])
artifact = folder / "rich.safetensors"
tensors = safetensors.numpy.load_file(artifact)
with safetensors.safe_open(artifact, framework="np") as file:
    metadata = file.metadata()

digest = hashlib.sha256(metadata["sluice"].encode("utf-8"))
for name in sorted(tensors):
    digest.update(tensors[name].astype("<f4").tobytes())
assert metadata["sluice.sha256"] == digest.hexdigest(), "checksum"

cell = json.loads(metadata["sluice"])["cell"]
units = cell["hidden"][-1]
lstm = torch.nn.LSTM(cell["inputs"], units, len(cell["hidden"]))
head = torch.nn.Linear(units, tensors["head.bias"].shape[0])
for module, prefix in (lstm, "cell."), (head, "head."):
    state = {n[5:]: torch.from_numpy(t) for n, t in tensors.items() if n.startswith(prefix)}
    module.load_state_dict(state, strict=True)

inputs = np.random.default_rng(1).standard_normal((STEPS, cell["inputs"])).astype(np.float32)
with torch.no_grad():
    hidden, _ = lstm(torch.from_numpy(inputs))
    outputs = head(hidden)
safetensors.numpy.save_file(
    {"inputs": inputs, "hidden": hidden.numpy(), "outputs": outputs.numpy()},
    folder / "rich-torch.safetensors",
)
