"""Stage 4: the reference branch and its readers, on the frozen generator.

    python -m rasr_training.train_reference --data ../../shared/data --out out --init out/detail/last

Trained: the branch (ControlNet copy of the UNet encoder) and the token readers with their zero-convolutions.
Frozen: autoencoder and UNet. References are mixed: the same image after warp and colour jitter, another photo
of the label, an irrelevant photo, none (strength zero: nothing to learn, but the samples stay comparable).
The loss is the detail stage's: under the pixel loss alone the readers learned to make any output smoother,
whatever the reference showed.
"""

import argparse
from pathlib import Path

import torch
from torch import nn

from .checkpoints import load_checkpoint
from .damage import damage
from .generator import Generator, new_reference_encoder
from .lessons import Lessons, Teachers, images_to_device, taught
from .losses import RestorationLoss, squared_error
from .pairs import PairSampler, ReferenceKind
from .reference_branch import ReferenceInjection
from .sheets import to_image, write_sheet
from .train_autoencoder import samplers
from .train_detail import add_teacher_arguments, load_teachers
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
    lessons: Lessons,
    held_out: PairSampler,
    loss: RestorationLoss,
    teachers: Teachers,
    options: LoopOptions,
    device: torch.device,
) -> dict:
    def loss_at(step: int, progress: float) -> torch.Tensor:
        (photos, truths, kinds), reference, strength = lessons.draw(step)
        lr, clean, reference = (images_to_device(images, device) for images in (photos, truths, reference))
        detail = draw_detail(len(lr), lessons.seed_at(step)).to(device)
        with autocast(device):
            pixels = torch.lerp(clean, taught(teachers, lr, clean, kinds), detail.reshape(-1, 1, 1, 1))
            output = model(lr, reference, strength.to(device), detail)
            return loss(output, clean, step, detail, pixels=pixels)

    def report(folder: Path) -> dict[str, float]:
        batch = held_out.draw(0)
        damaged = damage(batch.clean, 0, MIXED_SHARES)
        lr, clean, reference = (
            images_to_device(images, device) for images in (damaged.photos, damaged.truths, batch.reference)
        )
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

    return train_loop(model, options, loss_at, lessons.batch, report)


def take_reference_parts(model: ReferenceModel, folder: Path) -> None:
    """Load a checkpoint's branch and readers, and leave the generator as it is."""
    state = load_checkpoint(folder)
    weights = {**state["model"], **state["ema"]}
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    model.load_state_dict({**model.state_dict(), **{name: weights[name] for name in trained}})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=5, learning_rate=6e-4, batch=8)
    add_loss_arguments(parser, perceptual=0.03, gram=0)
    add_teacher_arguments(parser)
    parser.add_argument("--reference", type=Path, help="go on from this checkpoint's branch and readers")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    generator = Generator(with_reference=False)
    load_ema_weights(generator, arguments.init or arguments.out / "detail" / "last")
    model = to_device(ReferenceModel(generator), device)
    if arguments.reference:
        take_reference_parts(model, arguments.reference)
    sampler, held_out = samplers(arguments, CROP, REFERENCE_SIZE)
    lessons = Lessons(sampler, SHARES, arguments.workers)
    teachers = load_teachers(arguments, device)
    loss = make_loss(arguments, device)
    train(model, lessons, held_out, loss, teachers, loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
