"""Stage 3: where detail leads to; decoder and UNet go on training end to end.

    python -m rasr_training.train_detail --data ../../shared/data --out out --init out/sisr/last

What a perceptual restorer puts out is a function of the photo, without the noise that the truth has for
who sees the photo alone; so it can be learned from few samples. And an average of several such pictures can
be nearer to the truth than each of them, by LPIPS-like too, since their inventions differ. So a copy of the
network as it is at the start and networks that others have trained (Real-ESRGAN's small ones) teach
together: wanted is at detail 0 the truth, above it that average, in which the others count as much as there
is detail, at most half. Pixels are compared with what is wanted, LPIPS-like with that and with the truth, as
much as there is detail. Of photos that are merely small or slightly worn the truth is wanted at any detail:
the others have nothing to say of them.
"""

import argparse
import copy
from pathlib import Path

import torch

from .damage import Damage
from .generator import Generator
from .lessons import Lessons, Teachers, images_to_device, taught
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
SMOOTH_TEACHER, GRAINY_TEACHER = "RealESRGAN_General_x4_v3.onnx", "RealESRGAN_General_WDN_x4_v3.onnx"
"""The second keeps a photo's grain: right for a phone's, too much under the Real-ESRGAN pipeline."""
MOST_TAUGHT = 0.5
SHARES = (0.3, 0.12, 0.4, 0.18)
"""Of the Real-ESRGAN pipeline, a decent camera, a phone, and nothing but fewer pixels."""


def wanted(
    own: Generator,
    teachers: Teachers,
    photos: torch.Tensor,
    truths: torch.Tensor,
    kinds: torch.Tensor,
    detail: torch.Tensor,
) -> torch.Tensor:
    """What is to be put out [n, 3, s, s] in 0..1 for ``photos`` at each one's ``detail`` [n].

    ``own`` is the network as it was; without teachers, and for kinds that they do not know, it is the truth.
    ``kinds`` and ``detail`` lie on the CPU: a GPU need not be waited for to know whom to ask.
    """
    known = torch.isin(kinds, torch.tensor(list(teachers), dtype=kinds.dtype))
    asked = (known & (detail > 0)).nonzero().flatten()
    if not len(asked):
        return truths
    places, detail = asked.to(photos.device), detail[asked].to(photos.device)
    poor = photos[places]
    theirs = taught(teachers, poor, truths[places], kinds[asked])
    with torch.no_grad():
        mine = own(poor, detail=detail).float().clamp(0, 1)
    share = detail.clamp(max=MOST_TAUGHT).reshape(-1, 1, 1, 1)
    return truths.index_copy(0, places, torch.lerp(mine, theirs, share))


def train(
    module: Generator,
    lessons: Lessons,
    held_out: PairSampler,
    loss: RestorationLoss,
    teachers: Teachers,
    options: LoopOptions,
    device: torch.device,
    own: Generator | None = None,
) -> dict:
    """``own`` teaches too: the network as it is now, or as it was when an earlier run began."""
    own = (own or copy.deepcopy(module)).eval().requires_grad_(False)
    module.autoencoder.encoder.requires_grad_(False)

    def loss_at(step: int, progress: float) -> torch.Tensor:
        photos, truths, kinds = lessons.draw(step).damaged
        lr, clean = images_to_device(photos, device), images_to_device(truths, device)
        drawn = draw_detail(len(lr), lessons.seed_at(step))
        detail = drawn.to(device)
        with autocast(device):
            picture = wanted(own, teachers, lr, clean, kinds, drawn)
            output = module(lr, detail=detail)
            return loss(output, clean, step, detail, detail, pixels=picture, also_seen=[picture])

    crops = held_out_damage(held_out, SHARES, device)

    def report(folder: Path) -> dict[str, float]:
        return detail_report(module, crops, loss.features, folder)

    companions = {"adversary": loss.adversary} if loss.adversary else None
    return train_loop(module, options, loss_at, lessons.batch, report, companions)


def load_teachers(arguments: argparse.Namespace, device: torch.device) -> Teachers:
    if arguments.alone:
        return {}
    smooth, grainy = (
        to_device(OnnxNetwork(arguments.teachers / name), device) for name in (SMOOTH_TEACHER, GRAINY_TEACHER)
    )
    return {Damage.REAL_ESRGAN: [smooth], Damage.PHONE: [smooth, grainy]}


def add_teacher_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--teachers",
        type=Path,
        default=DEFAULT_DATA.parent / "peers",
        help=f"folder of {SMOOTH_TEACHER} and {GRAINY_TEACHER}",
    )
    parser.add_argument("--alone", action="store_true", help="without teachers: the truth at any detail")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=90, learning_rate=4e-4, batch=16)
    add_loss_arguments(parser, perceptual=0.03, gram=0.0)
    add_teacher_arguments(parser)
    parser.add_argument("--adversarial", type=float, default=0.0, help="weight of the adversarial term")
    parser.add_argument("--crop", type=int, default=CROP, help="side of a training crop, a multiple of 32")
    parser.add_argument("--own", type=Path, help="checkpoint that teaches too, if not what --init names")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    module = to_device(Generator(with_reference=False), device)
    load_ema_weights(module, arguments.init or arguments.out / "sisr" / "last")
    own = None
    if arguments.own:
        own = to_device(Generator(with_reference=False), device)
        load_ema_weights(own, arguments.own)
    sampler, held_out = samplers(arguments, arguments.crop)
    lessons = Lessons(sampler, SHARES, arguments.workers)
    teachers = load_teachers(arguments, device)
    loss = make_loss(arguments, device, arguments.adversarial)
    train(module, lessons, held_out, loss, teachers, loop_options(arguments, STAGE), device, own)


if __name__ == "__main__":
    main()
