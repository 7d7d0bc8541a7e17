"""Stage 3: where detail leads to; decoder and UNet go on training end to end.

    python -m rasr_training.train_detail --data ../../shared/data --out out --init out/sisr/last

What a perceptual restorer puts out is a function of the photo, without the noise that the truth has for who
sees the photo alone; so it can be learned from few samples (Real-ESRGAN's small network is the teacher).
Pixels are compared with a mixture of the truth and the teacher's picture, at detail 0 the truth, at 1 the
teacher's; LPIPS-like is compared with the truth, as much as there is detail. Photos that are merely small
or slightly worn are compared with the truth at any detail: the teacher has nothing to say of them.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch

from .ahead import MadeAhead
from .bundles import PeerNetwork
from .damage import Damage, Damaged, damage
from .generator import Generator
from .losses import RestorationLoss
from .pairs import PairSampler
from .train_autoencoder import samplers
from .train_sisr import CROP, add_loss_arguments, detail_report, draw_detail, make_loss
from .training import (
    DEFAULT_DATA,
    LoopOptions,
    add_common_arguments,
    autocast,
    choose_device,
    load_ema_weights,
    loop_options,
    to_device,
    train_loop,
)

STAGE = "detail"
TEACHER = "RealESRGAN_General_x4_v3.onnx"
SHARES = (0.36, 0.12, 0.32, 0.2)
"""Of the Real-ESRGAN pipeline, a decent camera, a phone, and nothing but fewer pixels."""
TAUGHT = (Damage.REAL_ESRGAN, Damage.PHONE)


@dataclass(frozen=True)
class Lesson:
    """A damaged batch, and the teacher's pictures of it [n, 3, s, s]: the truth where it is not asked."""

    damaged: Damaged
    taught: torch.Tensor


class Lessons:
    """Lessons by step, the next one made while the student learns from the last.

    Without a teacher the truth is all there is to learn from.
    """

    def __init__(self, sampler: PairSampler, teacher: PeerNetwork | None):
        self.sampler, self.teacher, self.batch = sampler, teacher, sampler.batch
        self.seed = sampler.seed
        self.draw = MadeAhead(self._make)

    def _make(self, step: int) -> Lesson:
        damaged = damage(self.sampler.draw(step).clean, self.seed_at(step), SHARES)
        taught = damaged.truths.clone()
        asked = torch.isin(damaged.kinds, torch.tensor(TAUGHT))
        if self.teacher is not None and asked.any():
            pictures = self.teacher.restore(damaged.photos[asked].numpy())
            taught[asked] = torch.from_numpy(pictures).clamp(0, 1)
        return Lesson(damaged, taught)

    def seed_at(self, step: int) -> int:
        return self.seed * 1_000_003 + step


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
        lesson = lessons.draw(step)
        tensors = (lesson.damaged.photos, lesson.damaged.truths, lesson.taught)
        lr, clean, taught = (t.to(device, memory_format=torch.channels_last) for t in tensors)
        detail = draw_detail(len(lr), lessons.seed_at(step)).to(device)
        pixels = torch.lerp(clean, taught, detail.reshape(-1, 1, 1, 1))
        with autocast(device):
            return loss(module(lr, detail=detail), clean, step, detail, pixels=pixels)

    crops = damage(held_out.draw(0).clean.to(device), 0, SHARES)

    def report(folder: Path) -> dict[str, float]:
        return detail_report(module, crops, loss.features, folder)

    return train_loop(module, options, loss_at, lessons.batch, report)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=90, learning_rate=4e-4, batch=16)
    add_loss_arguments(parser, perceptual=0.03, gram=0.0)
    parser.add_argument("--teacher", type=Path, default=DEFAULT_DATA.parent / "peers" / TEACHER)
    parser.add_argument("--alone", action="store_true", help="without the teacher: the truth at any detail")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    module = to_device(Generator(with_reference=False), device)
    load_ema_weights(module, arguments.init or arguments.out / "sisr" / "last")
    sampler, held_out = samplers(arguments, CROP)
    teacher = None if arguments.alone else PeerNetwork(arguments.teacher, arguments.threads)
    lessons = Lessons(sampler, teacher)
    train(module, lessons, held_out, make_loss(arguments, device), loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
