"""The retriever's teacher: a pretrained MobileNetV2 (ONNX), whose maps at several depths are learned."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import numpy_helper

FILE = "mobilenet_v2_imagenet.onnx"
SIZE = 224
"""Pixels it was made for; its maps are those of any multiple of 32."""
STAGES = {"add_16": 24, "add_33": 32, "add_73": 96, "conv_95": 320}
"""Maps at strides 4, 8, 16 and 32, by the graph's names, with their channels."""
LAST = "clip_97"
FEATURES = 1280
"""The last map: its mean is the teacher's feature."""
CLASSIFIER = "classifier"
"""What makes the teacher's logits of its feature."""
WHITENING = 0.125
"""Exponent of the variances that divide the principal components: val labels are found best at 0 to 0.125."""


@dataclass(frozen=True)
class Classifier:
    """From features [n, 1280] to logits [n, classes]."""

    weight: torch.Tensor  # [classes, 1280]
    bias: torch.Tensor  # [classes]

    def logits(self, features: torch.Tensor) -> torch.Tensor:
        return features @ self.weight.to(features).T + self.bias.to(features)


def _values(stored: dict[str, onnx.TensorProto], name: str) -> torch.Tensor:
    """A weight in single precision, in whichever precision it is stored."""
    tensor = stored.get(name) or stored[f"{name}_h"]
    return torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))


class Teacher:
    """The teacher on ONNX Runtime."""

    def __init__(self, path: Path, threads: int):
        model = onnx.load(str(path))
        height, width = model.graph.input[0].type.tensor_type.shape.dim[2:]
        height.dim_param, width.dim_param = "height", "width"
        model.graph.output.extend(
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in (*STAGES, LAST)
        )
        stored = {tensor.name: tensor for tensor in model.graph.initializer}
        self.classifier = Classifier(*(_values(stored, f"{CLASSIFIER}.{part}") for part in "wb"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def maps(self, images: torch.Tensor) -> list[torch.Tensor]:
        """Maps [n, c, s / stride, s / stride] of RGB images [n, 3, s, s] in 0..1: STAGES, then LAST."""
        found = self._session.run([*STAGES, LAST], {"image": images.numpy()})
        return [torch.from_numpy(m) for m in found]


@dataclass(frozen=True)
class FeatureSpace:
    """The teacher's features seen along their principal components, and how its maps' channels spread."""

    mean: torch.Tensor  # [1280]
    projection: torch.Tensor  # [dimension, 1280]
    centres: list[torch.Tensor]  # [1, c, 1, 1] for each map; zero for the last, which is never negative
    deviations: list[torch.Tensor]  # likewise

    def embed(self, features: torch.Tensor) -> torch.Tensor:
        """Unit vectors [n, dimension] of the teacher's features [n, 1280]."""
        return F.normalize((features - self.mean) @ self.projection.T)

    def standard(self, maps: list[torch.Tensor]) -> list[torch.Tensor]:
        """The teacher's maps with every channel around zero, in units of its deviation."""
        return [(m - c) / d for m, c, d in zip(maps, self.centres, self.deviations, strict=True)]

    def features(self, last: torch.Tensor) -> torch.Tensor:
        """Features [n, 1280] of last maps [n, 1280, h, w] as ``standard`` gives them."""
        return last.float().mean((2, 3)) * self.deviations[-1].flatten().to(last.device)

    def save(self, path: Path) -> None:
        arrays = {f"centre{number}": c.numpy() for number, c in enumerate(self.centres)}
        arrays |= {f"deviation{number}": d.numpy() for number, d in enumerate(self.deviations)}
        np.savez(path, mean=self.mean.numpy(), projection=self.projection.numpy(), **arrays)

    @staticmethod
    def load(path: Path) -> "FeatureSpace":
        with np.load(path) as arrays:
            tensors = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        centres, deviations = (
            [tensors[f"{kind}{number}"] for number in range(len(STAGES) + 1)]
            for kind in ("centre", "deviation")
        )
        return FeatureSpace(tensors["mean"], tensors["projection"], centres, deviations)


def measure_space(batches: list[list[torch.Tensor]], dimension: int) -> FeatureSpace:
    """The space of what ``maps`` gave for ``batches`` of images; of at least ``dimension`` images."""
    features = torch.cat([maps[-1].mean((2, 3)) for maps in batches]).double()
    mean = features.mean(0)
    values, vectors = torch.linalg.eigh((features - mean).T @ (features - mean) / len(features))
    values, vectors = values.flip(0)[:dimension], vectors.flip(1)[:, :dimension]
    projection = (vectors / values.clamp_min(1e-8) ** WHITENING).T
    centres, deviations = [], []
    for stage in zip(*batches, strict=True):
        channels = torch.cat([m.flatten(2).transpose(0, 1).flatten(1) for m in stage], 1)
        deviation = channels.std(1)
        # Channels that hardly ever speak shall not be the loudest.
        deviations.append(deviation.clamp_min(0.3 * float(deviation.mean())).reshape(1, -1, 1, 1))
        centres.append(channels.mean(1).reshape(1, -1, 1, 1))
    centres[-1] = torch.zeros_like(centres[-1])
    return FeatureSpace(mean.float(), projection.float().contiguous(), centres, deviations)
