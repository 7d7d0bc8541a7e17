"""The retriever, from scratch: it learns a teacher's maps, and the same of poor photos as of good ones.

    python -m rasr_training.train_retriever --data ../../shared/data --out out

Every step draws new collages of photos. First every stage learns by itself what the teacher makes of its own
last map. Then, together, they see each collage twice: in place, clean or poor, where they learn the teacher's
maps of the clean collage, depth by depth; and as a poor photo taken from elsewhere. Both embeddings are to
equal the teacher's, seen along its principal components; the two of one collage attract, others repel.
"""

import argparse
import dataclasses
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from .ahead import MadeAhead
from .checkpoints import save_checkpoint
from .collages import CollageSampler, read_more
from .degradation import REAL_ESRGAN, degrade
from .phone_shots import TRAINING_SHOTS, shoot
from .photos import open_cache
from .retriever import DIMENSION, INPUT_SIZE, Retriever, normalise
from .sheets import to_image, write_sheet
from .teacher import FILE, Classifier, FeatureSpace, Teacher, measure_space
from .train_autoencoder import SCALES, training_cache
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

STAGE = "retriever"
TEMPERATURE = 0.08
GROUPS = 6
"""A batch is shot in this many groups, each with its own number of pixels."""
MOVED = dataclasses.replace(TRAINING_SHOTS, side=(192, 224), noise=(0, 2), quality=(90, 98))
IN_PLACE = dataclasses.replace(TRAINING_SHOTS, perspective=0.0, hung=0.0)
MEASURED_BATCHES = 80
WHITENED_BATCHES, WHITENED_BATCH = 60, 48
APART = 0.35
"""Share of the run in which every stage learns by itself."""
CONTRAST = 1.0
"""Weight of telling one collage from the others, beside 4 for being like the teacher."""
CLASSES = 1.0
"""Weight of naming the same classes."""


@dataclass(frozen=True)
class Lesson:
    """Collages [n, 3, s, s] in 0..1, and what the teacher sees in them."""

    images: torch.Tensor
    maps: list[torch.Tensor]


def begin_in(module: Retriever, space: FeatureSpace) -> None:
    """Let the head project as the teacher's features are projected."""
    scale = float(space.projection.norm(dim=1).mean())
    with torch.no_grad():
        module.head.weight.copy_(space.projection * space.deviations[-1].flatten() / scale)
        module.head.bias.copy_(-(space.projection @ space.mean) / scale)


def shoot_groups(images: torch.Tensor, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Each image in place, half of them clean; and from elsewhere: shot, resized, or only moved."""
    generator = torch.Generator().manual_seed(seed)
    near, far = [], []
    for number, part in enumerate(images.chunk(GROUPS)):
        if number == 3:
            near.append(_resized(part, generator))
        else:
            near.append(part if number % 2 == 0 else shoot(part, IN_PLACE, generator))
        if number == 0:
            far.append(shoot(part, MOVED, generator))
        elif number % 3 == 2:
            far.append(_resized(part, generator))
        else:
            far.append(shoot(part, TRAINING_SHOTS, generator))
    return torch.cat(near), torch.cat(far)


def _resized(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Real-ESRGAN's degradation of pictures twice as large, as queries have it, at the images' size."""
    size = images.shape[-1]
    large = F.interpolate(images, scale_factor=2, mode="bilinear")
    poor = degrade(large, REAL_ESRGAN, generator)
    return F.interpolate(poor, size=(size, size), mode="bilinear").clamp(0, 1)


def map_loss(maps: list[torch.Tensor], taught: list[torch.Tensor]) -> torch.Tensor:
    """The sum over the depths of the mean squared differences."""
    return sum(F.mse_loss(own.float(), teacher) for own, teacher in zip(maps, taught, strict=True))


def embedding_loss(
    near: torch.Tensor, far: torch.Tensor, targets: torch.Tensor, contrast_weight: float
) -> torch.Tensor:
    """Distillation (cosine and batch relations) + contrast between the two looks at each collage."""
    both, twice = torch.cat([near, far]), torch.cat([targets, targets])
    distil = (1 - (both * twice).sum(1)).mean()
    relations = F.mse_loss(both @ both.T, twice @ twice.T)
    similarity = near @ far.T / TEMPERATURE
    wanted = torch.arange(len(near), device=near.device)
    contrast = 0.5 * (F.cross_entropy(similarity, wanted) + F.cross_entropy(similarity.T, wanted))
    return 4 * distil + 4 * relations + contrast_weight * contrast


def class_loss(features: torch.Tensor, taught: torch.Tensor, classifier: Classifier) -> torch.Tensor:
    """How far classes named by the teacher's classifier are from those of its own features (Yang et al. 2021,
    "Knowledge distillation via softmax regression representation learning"): both [n, 1280], in nats.
    """
    wanted, found = (F.log_softmax(classifier.logits(f.float()), 1) for f in (taught, features))
    return F.kl_div(found, wanted, reduction="batchmean", log_target=True)


class Lessons:
    """Lessons by step, the next one made while the student learns from the last."""

    def __init__(self, collages: CollageSampler, teacher: Teacher):
        self.collages, self.teacher = collages, teacher
        self.batch, self.seed = collages.batch, collages.seed
        self._ahead = MadeAhead(self._make)

    def draw(self, step: int) -> Lesson:
        return self._ahead(step)

    def _make(self, step: int) -> Lesson:
        images = self.collages.draw(step)
        return Lesson(images, self.teacher.maps(images))


def train(
    module: Retriever,
    lessons: Lessons,
    held_out: Lesson,
    space: FeatureSpace,
    options: LoopOptions,
    device: torch.device,
    apart_share: float = APART,
    contrast_weight: float = CONTRAST,
) -> dict:
    """For ``apart_share`` of the run every stage learns by itself, from the teacher's own last map."""

    def apart(images: torch.Tensor, taught: list[torch.Tensor]) -> torch.Tensor:
        given = [normalise(images), *taught[:-1]]
        maps = [step(g) for step, g in zip(module.steps, given, strict=True)]
        return map_loss(maps, taught)

    def together(
        images: torch.Tensor, taught: list[torch.Tensor], seed: int, targets: torch.Tensor
    ) -> torch.Tensor:
        near, far = shoot_groups(images, seed)
        seen = normalise(torch.cat([near, far])).to(memory_format=torch.channels_last)
        maps = module.maps(seen)
        loss = embedding_loss(*module.embed(maps[-1]).chunk(2), targets, contrast_weight)
        features = [space.features(last).repeat(times, 1) for last, times in ((maps[-1], 1), (taught[-1], 2))]
        loss = loss + CLASSES * class_loss(*features, lessons.teacher.classifier)
        return map_loss([m[: len(near)] for m in maps], taught) + loss

    def loss_at(step: int, progress: float) -> torch.Tensor:
        lesson = lessons.draw(step)
        images = lesson.images.to(device, memory_format=torch.channels_last)
        taught = [m.to(device, memory_format=torch.channels_last) for m in space.standard(lesson.maps)]
        with autocast(device):
            if progress < apart_share:
                return apart(images, taught)
            targets = space.embed(lesson.maps[-1].mean((2, 3))).to(device)
            return together(images, taught, lessons.seed * 1_000_003 + step, targets)

    def report(folder: Path) -> dict[str, float]:
        near, far = shoot_groups(held_out.images, 0)
        rows = [[to_image(image) for image in row] for row in zip(held_out.images, near, far, strict=True)]
        write_sheet(folder / "samples.png", rows[:12], ["collage", "in place", "elsewhere"], INPUT_SIZE)
        targets = space.embed(held_out.maps[-1].mean((2, 3)))
        figures = {}
        for name, images in (("clean", held_out.images), ("far", far)):
            maps = module.maps(normalise(images.to(device)))
            figures[f"{name}_teacher_cosine"] = float((module.embed(maps[-1]).cpu() * targets).sum(1).mean())
            if name == "clean":
                for depth, (own, taught) in enumerate(zip(maps, space.standard(held_out.maps), strict=True)):
                    figures[f"unlike_at_{depth}"] = float(F.mse_loss(own.cpu(), taught) / taught.var())
        return figures

    return train_loop(module, options, loss_at, lessons.batch, report)


def whiten(module: Retriever, windows: CollageSampler, device: torch.device) -> None:
    """Let every direction of the embedding vary alike, over windows clean and poor: folded into the head.

    Cosines then tell more of what is particular to a thing, and less of what all things of a kind share.
    """
    found = []
    for step in range(WHITENED_BATCHES):
        for images in shoot_groups(windows.draw(step), step):
            seen = normalise(images.to(device)).to(memory_format=torch.channels_last)
            with torch.no_grad():
                found.append(module.head(module.maps(seen)[-1].float().mean((2, 3))).double())
    outputs = torch.cat(found)
    mean = outputs.mean(0)
    covariance = (outputs - mean).T @ (outputs - mean) / len(outputs)
    covariance += 1e-3 * covariance.diagonal().mean() * torch.eye(DIMENSION, device=device)
    values, vectors = torch.linalg.eigh(covariance)
    root = (vectors * values.rsqrt()) @ vectors.T
    with torch.no_grad():
        weight, bias = module.head.weight.double(), module.head.bias.double()
        module.head.weight.copy_(root @ weight)
        module.head.bias.copy_(root @ (bias - mean))


def feature_space(folder: Path, lessons: Lessons) -> FeatureSpace:
    """Where the teacher's features of collages lie; measured once and kept in ``folder``."""
    known = folder / "teacher_space.npz"
    if not known.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        measure_space([lessons.draw(10**6 + n).maps for n in range(MEASURED_BATCHES)], DIMENSION).save(known)
    return FeatureSpace.load(known)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=90, learning_rate=2e-3, batch=32)
    parser.add_argument("--teachers", type=Path, default=DEFAULT_DATA.parent / "teachers")
    parser.add_argument(
        "--apart", type=float, default=APART, help="share of the run in which stages learn alone"
    )
    parser.add_argument(
        "--more", type=Path, nargs="*", default=[], help="folders of further photos and cut-out things"
    )
    parser.add_argument("--contrast", type=float, default=CONTRAST, help="weight of the contrastive term")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    teacher = Teacher(arguments.teachers / FILE, 1)
    cache = training_cache(arguments.data, arguments.out)
    more = read_more(arguments.more)
    collages = CollageSampler(cache, INPUT_SIZE, arguments.batch, arguments.seed, more=more)
    lessons = Lessons(collages, teacher)
    val = open_cache(arguments.data, "val", arguments.out / "cache", SCALES)
    held_out = Lessons(CollageSampler(val, INPUT_SIZE, 48, 0), teacher).draw(0)
    options = loop_options(arguments, STAGE)
    space = feature_space(options.out, lessons)
    module = Retriever()
    begin_in(module, space)
    if arguments.init:
        load_ema_weights(module, arguments.init)
    parts = (arguments.apart, arguments.contrast)
    counters = train(to_device(module, device), lessons, held_out, space, options, device, *parts)
    load_ema_weights(module, options.out / "last")
    windows = CollageSampler(cache, INPUT_SIZE, WHITENED_BATCH, arguments.seed, alone=True)
    whiten(module.eval(), windows, device)
    save_checkpoint(options.out / "whitened", {"model": module.state_dict(), "ema": {}, "counters": counters})


if __name__ == "__main__":
    main()
