"""Checkpoints to train on from, made of a bundle's exported weights.

    python -m rasr_training.warm_start --models ../resources/models --out out

Checkpoints are not kept with the project, bundles are. Writes ``out/sisr/shipped`` and
``out/retriever/shipped``, which any stage takes as ``--init``, and ``out/fusion/shipped``, which
``train_fusion`` takes as ``--fusion``. Weights were stored in half precision: the network restores what the
bundle restores, to about that precision.
"""

import argparse
from itertools import pairwise
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from .checkpoints import save_checkpoint
from .collage_shots import shoot_groups
from .collages import CollageSampler
from .fusion import FusionNet
from .generator import Generator
from .manifest import read_manifest
from .retriever import INPUT_SIZE, Retriever, normalise
from .train_autoencoder import training_cache
from .training import DEFAULT_DATA, choose_device

SHIPPED = "shipped"
MEASURED_BATCHES, MEASURED_BATCH = 8, 48


class WarmStartError(Exception):
    """A graph is not one of the network's; the message names the file and the first weight it lacks."""


def read_weights(file: Path) -> dict[str, torch.Tensor]:
    """Every initialiser of a graph in single precision, by its name without the mark of its storage."""
    return {
        tensor.name.removesuffix(".fp16"): torch.from_numpy(numpy_helper.to_array(tensor).copy()).float()
        for tensor in onnx.load(str(file)).graph.initializer
    }


def generator_from(file: Path) -> Generator:
    """The generator of a bundle's ``generator.onnx``, without its reference readers."""
    module = Generator(with_reference=False)
    return _filled(module, {n.removeprefix("generator."): w for n, w in read_weights(file).items()}, file)


def fusion_from(file: Path) -> FusionNet:
    """The fusion network of a bundle's ``fusion.onnx``."""
    return _filled(FusionNet(), read_weights(file), file)


def retriever_from(file: Path, images: list[torch.Tensor]) -> Retriever:
    """The retriever of a bundle's ``retriever.onnx``, where norms are folded into the convolutions.

    The norms are given back what the convolutions now put out for ``images`` (batches [n, 3, s, s] in 0..1),
    and the scale and shift that undo it: nothing changes, and training can go on from there.
    """
    weights, module = read_weights(file), Retriever().eval()
    for norm, (conv, name) in _norms(module):
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        weights |= {f"{name}.{key}": value for key, value in norm.state_dict().items()}
        weights[f"{name}.weight"] = torch.ones_like(norm.weight)
        weights[f"{name}.bias"] = weights.get(f"{conv}.weight_bias", norm.bias)
    _filled(module, weights, file)
    for norm, _ in _norms(module):
        _measure(module, norm, images)
    return module


def _norms(module: Retriever) -> list[tuple[nn.BatchNorm2d, tuple[str, str]]]:
    """Each norm, with the names of the convolution before it and of itself, in the order of the data."""
    named = [(n, m) for n, m in module.named_modules() if isinstance(m, nn.Conv2d | nn.BatchNorm2d)]
    return [
        (norm, (before, name))
        for (before, _), (name, norm) in pairwise(named)
        if isinstance(norm, nn.BatchNorm2d)
    ]


@torch.no_grad()
def _measure(module: Retriever, norm: nn.BatchNorm2d, images: list[torch.Tensor]) -> None:
    """Let a norm that passes its input on measure it, and undo what it then does."""
    seen: list[torch.Tensor] = []
    hook = norm.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].transpose(0, 1).flatten(1)))
    for batch in images:
        module.maps(normalise(batch))
    hook.remove()
    values = torch.cat(seen, 1)
    mean, variance = values.mean(1), values.var(1)
    norm.bias.add_(mean * norm.weight)
    norm.weight.mul_(torch.sqrt(variance + norm.eps))
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)


def _filled(module: nn.Module, weights: dict[str, torch.Tensor], file: Path) -> nn.Module:
    """``module`` with the weights of its names. Raises WarmStartError where one is missing."""
    wanted = module.state_dict()
    for name, value in wanted.items():
        if name not in weights or weights[name].shape != value.shape:
            raise WarmStartError(
                f"{file} holds no {name} of shape {tuple(value.shape)}: it is another network"
            )
    module.load_state_dict({name: weights[name] for name in wanted})
    return module


def _save(module: nn.Module, folder: Path, bundle: Path) -> None:
    made = read_manifest(bundle)["provenance"]
    counters = {"step": 0, "seconds": 3600 * made["hours"], "samples": made["samplesSeen"]}
    save_checkpoint(folder, {"model": module.state_dict(), "ema": {}, "counters": counters})
    print(folder)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--models", type=Path, default=Path("../resources/models"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    choose_device(arguments.threads)
    bundle = arguments.models / "rasrnet-small"
    _save(generator_from(bundle / "generator.onnx"), arguments.out / "sisr" / SHIPPED, bundle)
    bundle = arguments.models / "fusion-small"
    _save(fusion_from(bundle / "fusion.onnx"), arguments.out / "fusion" / SHIPPED, bundle)
    cache = training_cache(arguments.data, arguments.out)
    windows = CollageSampler(cache, INPUT_SIZE, MEASURED_BATCH, seed=1)
    images = [torch.cat(shoot_groups(windows.draw(step), step)) for step in range(MEASURED_BATCHES)]
    bundle = arguments.models / "retriever-small"
    _save(retriever_from(bundle / "retriever.onnx", images), arguments.out / "retriever" / SHIPPED, bundle)


if __name__ == "__main__":
    main()
