"""Stage 1: the autoencoder, on clean crops.

python -m rasr_training.train_autoencoder --data ../../shared/data --out out
"""

import argparse
from pathlib import Path

import torch

from .autoencoder import Autoencoder
from .losses import charbonnier
from .pairs import PairSampler
from .photos import PhotoCache, open_cache
from .sheets import to_image, write_sheet
from .synthetic import synthetic_photos
from .training import (
    LoopOptions,
    add_common_arguments,
    autocast,
    choose_device,
    loop_options,
    to_device,
    train_loop,
)

STAGE = "autoencoder"
SCALES = [0.75, 0.4]
LATENT_NOISE = 0.02
CROP = 128


def training_cache(data: Path, out: Path) -> PhotoCache:
    """The decoded training photos and the synthetic pictures, at the scales all generator stages use."""
    return open_cache(data, "train", out / "cache", SCALES, synthetic_photos)


def samplers(
    arguments: argparse.Namespace, crop: int, reference_size: int | None = None
) -> tuple[PairSampler, PairSampler]:
    """Training samples, and the fixed val samples that reports are made on."""
    val = open_cache(arguments.data, "val", arguments.out / "cache", SCALES)
    train_cache = training_cache(arguments.data, arguments.out)
    return (
        PairSampler(train_cache, crop, arguments.batch, arguments.seed, reference_size, varied=True),
        PairSampler(val, crop, 16, 0, reference_size),
    )


def train(
    module: Autoencoder,
    sampler: PairSampler,
    held_out: PairSampler,
    options: LoopOptions,
    device: torch.device,
) -> dict:
    """Charbonnier reconstruction; latent noise and a small latent penalty keep the latent space smooth."""

    def loss_at(step: int, progress: float) -> torch.Tensor:
        clean = sampler.draw(step).clean.to(device, memory_format=torch.channels_last)
        torch.manual_seed(sampler.seed * 1_000_003 + step)
        with autocast(device):
            latent = module.encode(clean)
            detail = latent[:, 3:].float()
            output = module.decoder(latent + LATENT_NOISE * torch.randn_like(latent))
        return charbonnier(output.float(), clean) + 1e-4 * detail.square().mean()

    def report(folder: Path) -> dict[str, float]:
        clean = held_out.draw(0).clean.to(device)
        output = module(clean)
        rows = [[to_image(a), to_image(b)] for a, b in zip(clean, output, strict=True)]
        write_sheet(folder / "samples.png", rows, ["clean", "reconstructed"], CROP)
        error = (output.clamp(0, 1) - clean).square().mean((1, 2, 3))
        return {"psnr": float(-10 * error.log10().mean())}

    return train_loop(module, options, loss_at, sampler.batch, report)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=5, learning_rate=2e-3, batch=16)
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    module = to_device(Autoencoder(), device)
    sampler, held_out = samplers(arguments, CROP)
    train(module, sampler, held_out, loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
