"""The retriever, from scratch: it learns a teacher's maps, and the same of poor photos as of good ones.

    python -m rasr_training.train_retriever --data ../../shared/data --out out
    python -m rasr_training.whiten_retriever out/retriever/last --out out

Every step draws new collages of photos. First every stage learns by itself what the teacher makes of its own
last map. Then, together, they see each collage twice: in place, clean or poor, where they learn the teacher's
maps of the clean collage, depth by depth; and as a poor photo taken from elsewhere. Both embeddings are to
equal the teacher's, seen along its principal components; the two of one collage attract, others repel.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from .ahead import MadeAhead
from .checkpoints import has_checkpoint, save_checkpoint
from .collage_shots import shoot_groups
from .collages import CollageSampler, read_more
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
BEGUN = "begun"
"""The checkpoint of ``--init`` with a head of the run's own space: what the run can be averaged with."""
TEMPERATURE = 0.08
MEASURED_BATCHES = 80
FITTED_BATCHES = 60
RIDGE = 1e-2
"""Of the features' mean variance: what keeps a fitted head small."""
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


@torch.no_grad()
def fit_head(module: Retriever, lessons: "Lessons", space: FeatureSpace) -> None:
    """Let the head give what ``space`` makes of the teacher's features, by least squares over collages seen
    clean and poor. A shipped head is whitened, and of the space that another run had measured.
    """
    module.eval()
    seen, wanted = [], []
    for step in range(10**6, 10**6 + FITTED_BATCHES):
        lesson = lessons.draw(step)
        targets = space.embed(lesson.maps[-1].mean((2, 3)))
        for images in shoot_groups(lesson.images, step):
            seen.append(module.maps(normalise(images))[-1].mean((2, 3)).double())
            wanted.append(targets.double())
    features, targets = torch.cat(seen), torch.cat(wanted)
    mean = features.mean(0)
    moments = (features - mean).T @ (features - mean) / len(features)
    moments += RIDGE * moments.diagonal().mean() * torch.eye(len(mean), dtype=moments.dtype)
    weight = torch.linalg.solve(moments, (features - mean).T @ targets / len(features)).T
    module.head.weight.copy_(weight)
    module.head.bias.copy_(targets.mean(0) - weight @ mean)
    module.train()


def begin_from(init: Path, begun: Path, module: Retriever, lessons: "Lessons", space: FeatureSpace) -> None:
    """Load ``init`` with a head of the run's own space, which is kept as the checkpoint ``begun``."""
    if not has_checkpoint(begun):
        counters = load_ema_weights(module, init)
        fit_head(module, lessons, space)
        save_checkpoint(begun, {"model": module.state_dict(), "ema": {}, "counters": counters})
    load_ema_weights(module, begun)


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
    parser.add_argument(
        "--frozen", type=int, default=0, help="how many stages, from the first, are left as they are"
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
        begin_from(arguments.init, options.out / BEGUN, module, lessons, space)
    module.stages[: arguments.frozen].requires_grad_(False)
    parts = (arguments.apart, arguments.contrast)
    train(to_device(module, device), lessons, held_out, space, options, device, *parts)


if __name__ == "__main__":
    main()
