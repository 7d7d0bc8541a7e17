"""Stage 4: the reference branch and its readers, on the frozen generator.

    python -m rasr_training.train_reference --data ../../shared/data --out out --init out/detail/last

Trained: the branch (ControlNet copy of the UNet encoder) and the token readers with their zero-convolutions.
Frozen: autoencoder and UNet. References are mixed: the same image after warp and colour jitter, another photo
of the label, an irrelevant photo, none (strength zero: nothing to learn, but the samples stay comparable).
Pixel loss only by default: with the feature terms, a run of 800 steps taught the readers to stay silent.
"""

import argparse
from pathlib import Path

import torch
from torch import nn

from .damage import damage
from .generator import Generator, new_reference_encoder
from .losses import RestorationLoss, squared_error
from .pairs import PairSampler, ReferenceKind
from .reference_branch import ReferenceInjection
from .sheets import to_image, write_sheet
from .train_autoencoder import samplers
from .train_sisr import SHARES as MIXED_SHARES
from .train_sisr import add_loss_arguments, draw_detail, make_loss
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

STAGE = "reference"
CROP = 192
REFERENCE_SIZE = 256
SHARES = (0.3, 0.5, 0.2)
"""Matching is learned from photos that can still be matched; heavy damage drowns the signal in noise."""


class ReferenceModel(nn.Module):
    """Generator and reference encoder as one module; only the reference parts require gradients.

    ``injection`` is how what the encoder found gets into the decoder: the one that ships, or another with its
    call.
    """

    def __init__(self, generator: Generator, injection: nn.Module | None = None):
        super().__init__()
        generator.injection = None
        generator.requires_grad_(False)
        generator.injection = injection or ReferenceInjection()
        self.generator = generator
        self.reference_encoder = new_reference_encoder(generator)

    def forward(
        self,
        lr: torch.Tensor,
        reference: torch.Tensor,
        strength: torch.Tensor,
        detail: torch.Tensor | None = None,
    ) -> torch.Tensor:
        return self.generator(lr, self.reference_encoder(reference), strength, detail)


def train(
    model: ReferenceModel,
    sampler: PairSampler,
    held_out: PairSampler,
    loss: RestorationLoss,
    options: LoopOptions,
    device: torch.device,
) -> dict:
    def loss_at(step: int, progress: float) -> torch.Tensor:
        batch = sampler.draw(step)
        clean, reference = batch.clean.to(device), batch.reference.to(device)
        seed = sampler.seed * 1_000_003 + step
        damaged = damage(clean, seed, SHARES)
        detail = draw_detail(len(clean), seed).to(device)
        strength = torch.from_numpy(batch.kinds != ReferenceKind.NONE).float().to(device)
        lr, clean, reference = (
            t.to(memory_format=torch.channels_last) for t in (damaged.photos, damaged.truths, reference)
        )
        with autocast(device):
            return loss(model(lr, reference, strength, detail), clean, step)

    def report(folder: Path) -> dict[str, float]:
        batch = held_out.draw(0)
        clean, reference = batch.clean.to(device), batch.reference.to(device)
        damaged = damage(clean, 0, MIXED_SHARES)
        lr, clean = damaged.photos, damaged.truths
        none = model.generator(lr)
        output = model(lr, reference, torch.ones(len(lr), device=device))
        rows = [[to_image(t) for t in row] for row in zip(lr, none, reference, output, clean, strict=True)]
        write_sheet(folder / "samples.png", rows, ["photo", "none", "reference", "with", "clean"], CROP)
        gain = 10 * (squared_error(none, clean) / squared_error(output, clean)).log10()
        kinds = batch.kinds
        figures = {"gain_db": float(gain.mean())}
        for kind in ReferenceKind:
            if (kinds == kind).any():
                figures[f"gain_db_{kind.name.lower()}"] = float(gain[torch.from_numpy(kinds == kind)].mean())
        return figures

    return train_loop(model, options, loss_at, sampler.batch, report)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=5, learning_rate=6e-4, batch=8)
    add_loss_arguments(parser, perceptual=0, gram=0)
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    generator = Generator(with_reference=False)
    load_ema_weights(generator, arguments.init or arguments.out / "detail" / "last")
    model = to_device(ReferenceModel(generator), device)
    sampler, held_out = samplers(arguments, CROP, REFERENCE_SIZE)
    train(model, sampler, held_out, make_loss(arguments, device), loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
