"""Writes the files that SafetensorsTest reads, with the format's own implementation.

Made with the Python package safetensors 0.8.0 (Debian python3-safetensors) and numpy:

    python3 src/test/scripts/safetensors_fixtures.py src/test/resources/dev/sluice/artifact
"""

import pathlib
import sys

import numpy as np
import safetensors
import safetensors.numpy


def f32(*values):
    return np.array(values, dtype=np.float32)


def plain():
    """F32 and one metadata entry: only then are the package's own bytes determined."""
    tensors = {
        "head.weight": f32(0.5, -0.25, 1e-40, 3.4028235e38).reshape(2, 2),
        "cell.weight_ih_l0": np.arange(24, dtype=np.float32).reshape(8, 3) / 8,
        "cell.bias_ih_l0": f32(-0.0, 1, 2, 3, 4, 5, 6, 7),
        "embedding.état.weight": f32(1, 2, 3).reshape(1, 3),
    }
    metadata = {"sluice": '{"id":"temps","note":"tab\t, \\"quotes\\" and é"}'}
    return safetensors.numpy.save(tensors, metadata)


def mixed():
    """Every type that widens to F32, a single number, an empty tensor, several metadata entries."""
    tensors = {
        "half": ("float16", [3], np.array([1.5, -65504, 6e-8], np.float16)),
        "brain": ("bfloat16", [2], np.array([0x3FC0, 0xC2F7], np.uint16)),
        "single": ("float32", [], f32(7.25)),
        "empty": ("float32", [0, 3], f32()),
        "matrix": ("float32", [2, 2], f32(1, 2, 3, 4)),
    }
    specs = {
        name: safetensors.TensorSpec(
            dtype=dtype, shape=shape, data_ptr=data.ctypes.data, data_len=data.nbytes
        )
        for name, (dtype, shape, data) in tensors.items()
    }
    return safetensors.serialize(specs, {"format": "pt", "größe": "日本", "empty": ""})


folder = pathlib.Path(sys.argv[1])
folder.joinpath("plain.safetensors").write_bytes(plain())
folder.joinpath("mixed.safetensors").write_bytes(mixed())
double = {"x": np.array([1.0, 2.0])}
folder.joinpath("double.safetensors").write_bytes(safetensors.numpy.save(double))
