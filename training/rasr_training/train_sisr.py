"""Stage 2: one-step super-resolution without a reference; decoder and UNet train end to end.

    python -m rasr_training.train_sisr --data ../../shared/data --out out --init out/autoencoder/last

The encoder stays as the autoencoder stage left it. Every sample has a ``detail`` of its own, which weighs
its LPIPS-like, Gram and adversarial terms: one network learns the way from the faithful to the perceptual
solution. Pixel loss first; the LPIPS-like and Gram terms come in over the second fifth of the run, the
adversarial one over the third.
"""

import argparse
from pathlib import Path

import torch

from .adversary import Adversary
from .autoencoder import bicubic_upsample
from .damage import Damaged, damage
from .generator import Generator
from .lessons import Lessons, images_to_device
from .losses import FeatureNet, RestorationLoss, lpips_like, squared_error
from .onnx_network import OnnxNetwork
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
CROP = 128
SHARES = (0.5, 0.15, 0.35)
"""Of the Real-ESRGAN pipeline, a decent camera, and a phone."""
FAITHFUL_SHARE, PERCEPTUAL_SHARE = 0.3, 0.4
"""Samples with detail 0 and 1; the rest lies in between."""
REPORTED_DETAILS = (0.0, 0.5, 1.0)


def draw_detail(n: int, seed: int) -> torch.Tensor:
    """The detail [n] in 0..1 of each sample of a batch."""
    generator = torch.Generator().manual_seed(seed)
    kind, between = torch.rand(2, n, generator=generator)
    between = torch.where(kind < FAITHFUL_SHARE, 0.0, between)
    return torch.where(kind > 1 - PERCEPTUAL_SHARE, 1.0, between)


def feature_weight(progress: float) -> float:
    """0 in the first fifth of a run, 1 after the second."""
    return min(1.0, max(0.0, progress * 5 - 1))


def adversarial_weight(progress: float) -> float:
    """0 in the first two fifths of a run, 1 after the third."""
    return min(1.0, max(0.0, progress * 5 - 2))


def train(
    module: Generator,
    lessons: Lessons,
    held_out: PairSampler,
    loss: RestorationLoss,
    options: LoopOptions,
    device: torch.device,
) -> dict:
    module.autoencoder.encoder.requires_grad_(False)

    def loss_at(step: int, progress: float) -> torch.Tensor:
        photos, truths, _ = lessons.draw(step).damaged
        lr, clean = images_to_device(photos, device), images_to_device(truths, device)
        detail = draw_detail(len(lr), lessons.seed_at(step)).to(device)
        with autocast(device):
            output = module(lr, detail=detail)
            weights = (detail * feature_weight(progress), detail * adversarial_weight(progress))
            return loss(output, clean, step, *weights)

    held_out_crops = held_out_damage(held_out, SHARES, device)

    def report(folder: Path) -> dict[str, float]:
        return detail_report(module, held_out_crops, loss.features, folder)

    companions = {"adversary": loss.adversary} if loss.adversary else None
    return train_loop(module, options, loss_at, lessons.batch, report, companions)


def held_out_damage(held_out: PairSampler, shares: tuple[float, ...], device: torch.device) -> Damaged:
    """The crops that reports are made on, the same at every report."""
    return Damaged(*(t.to(device) for t in damage(held_out.draw(0).clean, 0, shares)))


def detail_report(
    module: Generator, crops: Damaged, features: FeatureNet | None, folder: Path
) -> dict[str, float]:
    """Figures of ``crops`` restored at the reported details, and their sheet in ``folder``."""
    lr, clean = crops.photos, crops.truths
    outputs = [module(lr, detail=torch.tensor([detail], device=lr.device)) for detail in REPORTED_DETAILS]
    bicubic = bicubic_upsample(lr)
    rows = [[to_image(t) for t in row] for row in zip(lr, bicubic, *outputs, clean, strict=True)]
    columns = ["photo", "bicubic", *(f"detail {detail:g}" for detail in REPORTED_DETAILS), "clean"]
    write_sheet(folder / "samples.png", rows, columns, clean.shape[-1])
    figures = {"bicubic_psnr": _psnr(bicubic, clean)}
    for detail, output in zip(REPORTED_DETAILS, outputs, strict=True):
        figures[f"psnr_at_{detail:g}"] = _psnr(output, clean)
        if features is not None:
            distance = lpips_like(features(output.clamp(0, 1)), features(clean)).mean()
            figures[f"lpips_like_at_{detail:g}"] = float(distance)
    return figures


def _psnr(output: torch.Tensor, clean: torch.Tensor) -> float:
    return float(-10 * squared_error(output, clean).log10().mean())


def add_loss_arguments(parser: argparse.ArgumentParser, perceptual: float, gram: float) -> None:
    parser.add_argument(
        "--metrics", type=Path, default=DEFAULT_METRICS, help="folder of squeezenet11_taps.onnx"
    )
    parser.add_argument("--perceptual", type=float, default=perceptual, help="weight of the LPIPS-like term")
    parser.add_argument("--gram", type=float, default=gram, help="weight of the Gram term")


def make_loss(
    arguments: argparse.Namespace, device: torch.device, adversarial: float = 0.0
) -> RestorationLoss:
    features = to_device(OnnxNetwork(arguments.metrics / "squeezenet11_taps.onnx"), device)
    adversary = Adversary(device) if adversarial else None
    return RestorationLoss(features, arguments.perceptual, arguments.gram, adversary, adversarial)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=167, learning_rate=4e-4, batch=16)
    add_loss_arguments(parser, perceptual=0.03, gram=0.002)
    parser.add_argument("--adversarial", type=float, default=0.003, help="weight of the adversarial term")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    module = to_device(Generator(with_reference=False), device)
    if arguments.init:
        load_ema_weights(module.autoencoder, arguments.init)
    sampler, held_out = samplers(arguments, CROP)
    loss = make_loss(arguments, device, arguments.adversarial)
    lessons = Lessons(sampler, SHARES, arguments.workers)
    train(module, lessons, held_out, loss, loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
