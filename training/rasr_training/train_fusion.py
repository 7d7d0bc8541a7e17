"""The fusion network of the same-object path, beside the frozen generator that covers for it.

    python -m rasr_training.train_fusion --data ../../shared/data --out out --init out/sisr/last
    python -m rasr_training.train_fusion --fusion out/fusion/shipped ...     to train on from what ships

The loss is taken on what the user gets: fused where trusted, the output without a reference elsewhere. For
the first part of a run from scratch a bicubic image stands for the latter, which is cheaper; then the
generator's own.
"""

import argparse
from pathlib import Path

import torch

from .aligned_pairs import AlignedSampler, degrade_mixed
from .autoencoder import FACTOR, bicubic_upsample
from .fusion import FusionNet, blend
from .generator import Generator
from .losses import RestorationLoss, charbonnier, squared_error
from .photos import open_cache
from .sheets import to_image, write_sheet
from .train_autoencoder import SCALES, training_cache
from .train_sisr import add_loss_arguments, feature_weight, make_loss
from .training import (
    LoopOptions,
    add_common_arguments,
    autocast,
    choose_device,
    load_ema_weights,
    loop_options,
    to_device,
    train_loop,
)
from .view_pairs import view_pairs

STAGE = "fusion"
CROP = 224
BICUBIC_UNTIL = 0.35
FUSED_WEIGHT = 0.3
"""Of the fused image itself where the reference reaches: it shall not wait for trust to be learned."""


def train(
    module: FusionNet,
    generator: Generator,
    sampler: AlignedSampler,
    held_out: AlignedSampler,
    loss: RestorationLoss,
    options: LoopOptions,
    device: torch.device,
    trained_before: bool = False,
) -> dict:
    """``trained_before``: the module knows its task, and nothing needs to be eased in."""
    generator.requires_grad_(False).eval()
    strength = torch.ones(1, device=device)

    def without_reference(lr: torch.Tensor, progress: float) -> torch.Tensor:
        with torch.no_grad():
            easy = progress < BICUBIC_UNTIL and not trained_before
            return bicubic_upsample(lr) if easy else generator(lr).float()

    def loss_at(step: int, progress: float) -> torch.Tensor:
        batch = sampler.draw(step)
        clean, aligned, coverage = (t.to(device) for t in (batch.clean, batch.aligned, batch.coverage))
        lr = degrade_mixed(clean, sampler.seed * 1_000_003 + step)
        reached = torch.nn.functional.avg_pool2d(coverage, FACTOR)
        lr, clean, aligned = (t.to(memory_format=torch.channels_last) for t in (lr, clean, aligned))
        with autocast(device):
            base = without_reference(lr, progress)
            fused, trust = module(lr, aligned, reached, strength)
            output = blend(base, fused.float(), trust.float())
            total = loss(output, clean, step, 1.0 if trained_before else feature_weight(progress))
        return total + FUSED_WEIGHT * charbonnier(fused.float() * coverage, clean * coverage)

    def report(folder: Path) -> dict[str, float]:
        batch = held_out.draw(0)
        clean, aligned, coverage = (t.to(device) for t in (batch.clean, batch.aligned, batch.coverage))
        lr = degrade_mixed(clean, 0)
        base = generator(lr)
        fused, trust = module(lr, aligned, torch.nn.functional.avg_pool2d(coverage, FACTOR), strength)
        output = blend(base, fused, trust)
        shown = torch.nn.functional.interpolate(trust, scale_factor=FACTOR).expand(-1, 3, -1, -1)
        rows = [
            [to_image(t) for t in row] for row in zip(lr, base, aligned, shown, output, clean, strict=True)
        ]
        write_sheet(
            folder / "samples.png", rows, ["photo", "none", "aligned", "trust", "fused", "clean"], CROP
        )
        gain = 10 * (squared_error(base, clean) / squared_error(output, clean)).log10()
        return {
            "psnr": float(-10 * squared_error(output, clean).log10().mean()),
            "gain_db": float(gain.mean()),
        }

    return train_loop(module, options, loss_at, sampler.batch, report)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=90, learning_rate=7e-4, batch=8)
    add_loss_arguments(parser, perceptual=0.01, gram=0)
    parser.add_argument("--fusion", type=Path, help="start from this checkpoint folder's fusion network")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    generator = Generator(with_reference=False)
    load_ema_weights(generator, arguments.init or arguments.out / "sisr" / "last")
    module = FusionNet()
    if arguments.fusion:
        load_ema_weights(module, arguments.fusion)
    module, generator = to_device(module, device), to_device(generator, device)
    val = open_cache(arguments.data, "val", arguments.out / "cache", SCALES)
    sampler = AlignedSampler(
        training_cache(arguments.data, arguments.out),
        CROP,
        arguments.batch,
        arguments.seed,
        view_pairs(arguments.data, "train"),
    )
    held_out = AlignedSampler(val, CROP, 16, 0)
    train(
        module,
        generator,
        sampler,
        held_out,
        make_loss(arguments, device),
        loop_options(arguments, STAGE),
        device,
        trained_before=arguments.fusion is not None,
    )


if __name__ == "__main__":
    main()
