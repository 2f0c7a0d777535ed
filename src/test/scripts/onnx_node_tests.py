"""Writes the node tests of the ONNX standard for LSTM and GRU, as the package onnx generates them.

Made with the Python package onnx 1.23.1:

    python3 src/test/scripts/onnx_node_tests.py src/test/resources/dev/sluice/exchange/onnx

Each NAME gets a folder with model.onnx, input_0.pb, ... and output_0.pb, ...: TensorProto, in the
order of the graph's inputs and outputs. None is left out: OnnxNodeTest has a verdict on each.
"""

import pathlib
import sys
import warnings

from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

warnings.simplefilter("ignore")  # Cases of other operators overflow on purpose.
target = pathlib.Path(sys.argv[1])
for case in collect_testcases(None):
    nodes = case.model.graph.node
    if not any(node.op_type in ("LSTM", "GRU") for node in nodes):
        continue
    assert len(case.data_sets) == 1, case.name
    folder = target / case.name
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("model.onnx").write_bytes(case.model.SerializeToString(deterministic=True))
    inputs, outputs = case.data_sets[0]
    for kind, arrays, infos in (
        ("input", inputs, case.model.graph.input),
        ("output", outputs, case.model.graph.output),
    ):
        assert len(arrays) == len(infos), case.name
        for number, (array, info) in enumerate(zip(arrays, infos)):
            proto = numpy_helper.from_array(array, info.name)
            path = folder / f"{kind}_{number}.pb"
            path.write_bytes(proto.SerializeToString(deterministic=True))
