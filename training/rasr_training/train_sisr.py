"""Stage 2: one-step super-resolution without a reference; decoder and UNet train end to end.

    python -m rasr_training.train_sisr --data ../../shared/data --out out --init out/autoencoder/last

The encoder stays as the autoencoder stage left it. Pixel loss first; the LPIPS-like and Gram terms come
in over the second fifth of the run.
"""

import argparse
from pathlib import Path

import torch

from .degradation import LIGHT, REAL_ESRGAN, degrade
from .generator import Generator
from .losses import OnnxFeatureNet, RestorationLoss
from .pairs import PairSampler
from .sheets import to_image, write_sheet
from .train_autoencoder import samplers
from .training import (
    DEFAULT_METRICS,
    LoopOptions,
    add_common_arguments,
    autocast,
    choose_device,
    load_ema_weights,
    loop_options,
    to_device,
    train_loop,
)

STAGE = "sisr"
CROP = 192
LIGHT_SHARE = 0.2
GROUPS = 4
"""A batch is degraded in this many groups, each with its own resize factors."""


def degrade_batch(clean: torch.Tensor, seed: int, light_share: float = LIGHT_SHARE) -> torch.Tensor:
    """Training degradation of [n, 3, s, s]: the Real-ESRGAN pipeline, or a decent camera."""
    generator = torch.Generator().manual_seed(seed)
    parts = []
    for part in clean.chunk(GROUPS):
        light = torch.rand((), generator=generator).item() < light_share
        parts.append(degrade(part, LIGHT if light else REAL_ESRGAN, generator))
    return torch.cat(parts)


def feature_weight(progress: float) -> float:
    """0 in the first fifth of a run, 1 after the second."""
    return min(1.0, max(0.0, progress * 5 - 1))


def train(
    module: Generator,
    sampler: PairSampler,
    held_out: PairSampler,
    loss: RestorationLoss,
    options: LoopOptions,
    device: torch.device,
) -> dict:
    module.autoencoder.encoder.requires_grad_(False)

    def loss_at(step: int, progress: float) -> torch.Tensor:
        clean = sampler.draw(step).clean.to(device)
        lr = degrade_batch(clean, sampler.seed * 1_000_003 + step)
        lr, clean = (t.to(memory_format=torch.channels_last) for t in (lr, clean))
        with autocast(device):
            return loss(module(lr), clean, step, feature_weight(progress))

    def report(folder: Path) -> dict[str, float]:
        clean = held_out.draw(0).clean.to(device)
        lr = degrade_batch(clean, 0)
        output, plain = module(lr), module.autoencoder.decoder.upsample
        bicubic = torch.nn.functional.pixel_shuffle(plain(lr), 4)
        rows = [[to_image(t) for t in row] for row in zip(lr, bicubic, output, clean, strict=True)]
        write_sheet(folder / "samples.png", rows, ["photo", "bicubic", "restored", "clean"], CROP)
        return {"psnr": _psnr(output, clean), "bicubic_psnr": _psnr(bicubic, clean)}

    return train_loop(module, options, loss_at, sampler.batch, report)


def _psnr(output: torch.Tensor, clean: torch.Tensor) -> float:
    return float(-10 * (output.clamp(0, 1) - clean).square().mean((1, 2, 3)).log10().mean())


def add_loss_arguments(parser: argparse.ArgumentParser, perceptual: float, gram: float) -> None:
    parser.add_argument(
        "--metrics", type=Path, default=DEFAULT_METRICS, help="folder of squeezenet11_taps.onnx"
    )
    parser.add_argument("--perceptual", type=float, default=perceptual, help="weight of the LPIPS-like term")
    parser.add_argument("--gram", type=float, default=gram, help="weight of the Gram term")


def make_loss(arguments: argparse.Namespace, device: torch.device) -> RestorationLoss:
    features = to_device(OnnxFeatureNet(arguments.metrics / "squeezenet11_taps.onnx"), device)
    return RestorationLoss(features, arguments.perceptual, arguments.gram)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=63, learning_rate=8e-4, batch=8)
    add_loss_arguments(parser, perceptual=0.012, gram=0.004)
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    module = to_device(Generator(with_reference=False), device)
    if arguments.init:
        load_ema_weights(module.autoencoder, arguments.init)
    sampler, held_out = samplers(arguments, CROP)
    train(module, sampler, held_out, make_loss(arguments, device), loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
