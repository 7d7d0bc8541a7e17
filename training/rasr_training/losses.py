"""Losses: Charbonnier, LPIPS-like and Gram distances over a frozen feature network.

The feature network is any callable from images [n, 3, h, w] in 0..1 to a list of feature maps. The one used
here is SqueezeNet v1.1 read from its ONNX file, with Caffe weights and no LPIPS calibration: the distance is
called 'LPIPS-like' and compares only with itself.
"""

from collections.abc import Callable
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

from .adversary import Adversary

FeatureNet = Callable[[torch.Tensor], list[torch.Tensor]]


class OnnxFeatureNet(nn.Module):
    """Runs a feed-forward ONNX graph (Conv, Relu, MaxPool, Concat, Mul, Sub, Add) as frozen torch ops."""

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
        values = {self._input: image}
        for name, buffer in self._names.items():
            values[name] = getattr(self, buffer)
        for op, inputs, outputs, attributes in self._nodes:
            values[outputs[0]] = _run(op, [values[name] for name in inputs], attributes)
        return [values[name] for name in self._outputs]


def _attributes(node: onnx.NodeProto) -> dict:
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def _run(op: str, inputs: list[torch.Tensor], attributes: dict) -> torch.Tensor:
    if op == "Conv":
        pads = attributes.get("pads", [0, 0, 0, 0])
        return F.conv2d(*inputs, stride=attributes.get("strides", 1), padding=pads[:2])
    if op == "Relu":
        return F.relu(inputs[0])
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
    raise ValueError(f"the feature network uses the ONNX operator {op}, which OnnxFeatureNet does not run")


def squared_error(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Per-image mean squared error [n] of pictures in 0..1, the output clamped."""
    return (output.clamp(0, 1) - target).square().mean((1, 2, 3))


def charbonnier(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean sqrt(d^2 + 1e-6): a scalar."""
    return torch.sqrt((output - target).square() + 1e-6).mean()


def lpips_like(
    output: list[torch.Tensor], target: list[torch.Tensor], weights: tuple[float, ...] | None = None
) -> torch.Tensor:
    """Per-image distance [n]: unit-length features, squared difference, mean over area, sum over taps.

    As a measure the taps count the same; ``weights`` is for training.
    """
    total = 0
    for weight, a, b in zip(weights or (1.0,) * len(output), output, target, strict=True):
        a, b = a.float(), b.float()
        a = a / torch.sqrt(a.square().sum(1, keepdim=True) + 1e-10)
        b = b / torch.sqrt(b.square().sum(1, keepdim=True) + 1e-10)
        total = total + weight * (a - b).square().sum(1).mean((1, 2))
    return total


def gram_distance(output: list[torch.Tensor], target: list[torch.Tensor], taps: int = 3) -> torch.Tensor:
    """Per-image squared distance [n] of channel correlations over the first taps, relative to the target."""
    total = 0
    for a, b in zip(output[:taps], target[:taps], strict=True):
        a, b = _gram(a.float()), _gram(b.float())
        total = total + ((a - b).square().sum((1, 2)) / (b.square().sum((1, 2)) + 1e-6))
    return total


def _gram(features: torch.Tensor) -> torch.Tensor:
    flat = features.flatten(2)
    with torch.autocast(features.device.type, enabled=False):
        return flat @ flat.transpose(1, 2) / flat.shape[-1]


def grid_distance(error: torch.Tensor, period: int = 4, window: int = 16) -> torch.Tensor:
    """How much of ``error`` [n, c, h, w] repeats with ``period`` within windows of that many periods.

    Unit-length features reward any texture over none in flat areas, and the cheapest is a faint grid in
    step with the pixel shuffles. Its phase means stand out; those of real texture cancel. A scalar.
    """
    phases = F.pixel_unshuffle(error, period)
    h, w = phases.shape[-2:]
    local = F.avg_pool2d(phases, (min(window, h), min(window, w))).unflatten(1, (-1, period**2))
    return (local - local.mean(2, keepdim=True)).abs().mean()


class RestorationLoss:
    """Charbonnier + w_p * LPIPS-like + w_g * Gram + w_a * adversarial + grid.

    Without a feature network only the first; without an adversary no adversarial term.
    """

    GRID_WEIGHT = 10.0
    TAP_WEIGHTS = (2.0, 2.0, 2.0, 1.5, 1.0, 0.7, 0.3)
    """Of the LPIPS-like term: the last taps' gradients are many times larger, and mostly noise."""

    def __init__(
        self,
        features: FeatureNet | None,
        perceptual: float,
        gram: float,
        adversary: Adversary | None = None,
        adversarial: float = 0.0,
    ):
        self.features, self.perceptual, self.gram = features, perceptual, gram
        self.adversary, self.adversarial = adversary, adversarial

    def __call__(
        self,
        output: torch.Tensor,
        target: torch.Tensor,
        step: int,
        weight: float | torch.Tensor = 1.0,
        adversarial_weight: float | torch.Tensor = 0.0,
        pixels: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Scalar loss; ``weight`` in 0..1, a number or one for each image [n], scales the feature terms.

        ``adversarial_weight`` does the same for the adversarial term; the adversary learns from every batch.
        ``pixels`` is what the pixel loss compares with where it is not the target.

        The feature network sees another offset at every step: with a fixed one the generator learns a faint
        grid that pleases the network's strides and nobody else.
        """
        loss = charbonnier(output.float(), target if pixels is None else pixels)
        if self.features is None or self.perceptual == self.gram == 0:
            return loss
        weight = torch.as_tensor(weight, device=output.device).expand(len(output))
        if not weight.any():
            return loss
        loss = loss + weight.mean() * self.GRID_WEIGHT * grid_distance(output.float() - target)
        top, left = divmod(step * 29 % 64, 8)
        with torch.no_grad():
            wanted = self.features(target[..., top:, left:])
        found = self.features(output.float()[..., top:, left:])
        distance = self.perceptual * lpips_like(found, wanted, self.TAP_WEIGHTS[: len(found)])
        distance = distance + self.gram * gram_distance(found, wanted)
        loss = loss + (weight * distance).mean()
        if self.adversary is None:
            return loss
        output, target = (image[..., top:, left:] for image in (output, target))
        self.adversary.learn(found, output, wanted, target, weight)
        realism = self.adversary.realism(found, output)
        return loss - self.adversarial * (adversarial_weight * realism).mean()
