"""Feed-forward ONNX graphs as frozen torch modules, so that they run where training runs, with gradients."""

from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn


class OnnxNetwork(nn.Module):
    """One image [n, 3, h, w] in, the graph's outputs in their order.

    Raises ValueError, when it runs, at an operator that feature networks and compact restorers do not need.
    """

    def __init__(self, path: Path):
        super().__init__()
        graph = onnx.load(str(path)).graph
        self._nodes = [
            (node.op_type, list(node.input), list(node.output), _attributes(node)) for node in graph.node
        ]
        self._input = graph.input[0].name
        self._outputs = [output.name for output in graph.output]
        self._names = {}
        for number, tensor in enumerate(graph.initializer):
            self.register_buffer(f"w{number}", torch.from_numpy(numpy_helper.to_array(tensor).copy()))
            self._names[tensor.name] = f"w{number}"

    def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
        values = {self._input: image, "": None}
        for name, buffer in self._names.items():
            values[name] = getattr(self, buffer)
        for op, inputs, outputs, attributes in self._nodes:
            values[outputs[0]] = _run(op, [values[name] for name in inputs], attributes)
        return [values[name] for name in self._outputs]


def _attributes(node: onnx.NodeProto) -> dict:
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def _convolved(inputs: list[torch.Tensor], attributes: dict) -> torch.Tensor:
    image, *weights = inputs
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    if (top, left) != (bottom, right):
        image, top, left = F.pad(image, (left, right, top, bottom)), 0, 0
    strides, groups = attributes.get("strides", 1), attributes.get("group", 1)
    return F.conv2d(image, *weights, stride=strides, padding=(top, left), groups=groups)


def _run(op: str, inputs: list[torch.Tensor], attributes: dict) -> torch.Tensor:
    if op == "Conv":
        return _convolved(inputs, attributes)
    if op == "Relu":
        return F.relu(inputs[0])
    if op == "PRelu":
        return F.prelu(inputs[0], inputs[1].flatten().to(inputs[0].dtype))
    if op == "MaxPool":
        return F.max_pool2d(
            inputs[0],
            attributes["kernel_shape"],
            attributes["strides"],
            ceil_mode=bool(attributes.get("ceil_mode", 0)),
        )
    if op == "Concat":
        return torch.cat(inputs, attributes["axis"])
    if op in ("Mul", "Sub", "Add"):
        return {"Mul": torch.mul, "Sub": torch.sub, "Add": torch.add}[op](*inputs)
    if op == "Cast" and attributes["to"] == onnx.TensorProto.FLOAT:
        return inputs[0].float()
    if op == "DepthToSpace" and attributes.get("mode") == b"CRD":
        return F.pixel_shuffle(inputs[0], attributes["blocksize"])
    if op == "Resize" and attributes.get("mode", b"nearest") == b"nearest":
        return F.interpolate(inputs[0], scale_factor=inputs[2][2:].tolist(), mode="nearest")
    raise ValueError(f"the network uses the ONNX operator {op} in a way that OnnxNetwork does not run")
