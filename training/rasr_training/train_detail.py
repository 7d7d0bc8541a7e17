"""Stage 3: where detail leads to; decoder and UNet go on training end to end.

    python -m rasr_training.train_detail --data ../../shared/data --out out --init out/sisr/last

What a perceptual restorer puts out is a function of the photo, without the noise that the truth has for who
sees the photo alone; so it can be learned from few samples (Real-ESRGAN's small network is the teacher).
Pixels are compared with a mixture of the truth and the teacher's picture, at detail 0 the truth, at 1 the
teacher's; LPIPS-like is compared with the truth, as much as there is detail. Photos that are merely small
or slightly worn are compared with the truth at any detail: the teacher has nothing to say of them.
"""

import argparse
from pathlib import Path

import torch

from .generator import Generator
from .lessons import Lessons, Teacher, images_to_device, taught
from .losses import RestorationLoss
from .onnx_network import OnnxNetwork
from .pairs import PairSampler
from .train_autoencoder import samplers
from .train_sisr import CROP, add_loss_arguments, detail_report, draw_detail, held_out_damage, make_loss
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


def train(
    module: Generator,
    lessons: Lessons,
    held_out: PairSampler,
    loss: RestorationLoss,
    teacher: Teacher | None,
    options: LoopOptions,
    device: torch.device,
) -> dict:
    module.autoencoder.encoder.requires_grad_(False)

    def loss_at(step: int, progress: float) -> torch.Tensor:
        photos, truths, kinds = lessons.draw(step).damaged
        lr, clean = images_to_device(photos, device), images_to_device(truths, device)
        detail = draw_detail(len(lr), lessons.seed_at(step)).to(device)
        with autocast(device):
            pixels = torch.lerp(clean, taught(teacher, lr, clean, kinds), detail.reshape(-1, 1, 1, 1))
            return loss(module(lr, detail=detail), clean, step, detail, detail, pixels=pixels)

    crops = held_out_damage(held_out, SHARES, device)

    def report(folder: Path) -> dict[str, float]:
        return detail_report(module, crops, loss.features, folder)

    companions = {"adversary": loss.adversary} if loss.adversary else None
    return train_loop(module, options, loss_at, lessons.batch, report, companions)


def load_teacher(arguments: argparse.Namespace, device: torch.device) -> OnnxNetwork | None:
    return None if arguments.alone else to_device(OnnxNetwork(arguments.teacher), device)


def add_teacher_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--teacher", type=Path, default=DEFAULT_DATA.parent / "peers" / TEACHER)
    parser.add_argument("--alone", action="store_true", help="without the teacher: the truth at any detail")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=90, learning_rate=4e-4, batch=16)
    add_loss_arguments(parser, perceptual=0.03, gram=0.0)
    add_teacher_arguments(parser)
    parser.add_argument("--adversarial", type=float, default=0.0, help="weight of the adversarial term")
    parser.add_argument("--crop", type=int, default=CROP, help="side of a training crop, a multiple of 32")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    module = to_device(Generator(with_reference=False), device)
    load_ema_weights(module, arguments.init or arguments.out / "sisr" / "last")
    sampler, held_out = samplers(arguments, arguments.crop)
    lessons = Lessons(sampler, SHARES, arguments.workers)
    teacher = load_teacher(arguments, device)
    loss = make_loss(arguments, device, arguments.adversarial)
    train(module, lessons, held_out, loss, teacher, loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
