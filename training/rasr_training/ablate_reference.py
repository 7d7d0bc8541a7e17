"""Compares the ways for a reference into the restoration, each trained on as many samples.

    python -m rasr_training.ablate_reference --init out/detail/last --docs ../docs/benchmarks-references.md

The generator is frozen and the same for all. References that are not aligned: the paper's additive branch,
cross-attention (which ships), and re-assembly by correspondence. References that are: the additive branch
again, and the fusion at full resolution. Judged on val crops that none has seen, all kinds of references in
turn, against the same generator without one.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from .aligned_pairs import AlignedSampler, degrade_mixed
from .autoencoder import FACTOR
from .damage import damage
from .fusion import FusionNet, blend
from .generator import Generator
from .lessons import Lessons
from .losses import FeatureNet, RestorationLoss, charbonnier, lpips_like, squared_error
from .pairs import PairSampler, ReferenceKind
from .photos import PhotoCache, open_cache
from .reference_branch import ReferenceInjection
from .reference_mechanisms import AdditiveInjection, ReassemblyInjection
from .train_autoencoder import SCALES, training_cache
from .train_fusion import train as train_fusion
from .train_reference import CROP, REFERENCE_SIZE, ReferenceModel
from .train_reference import SHARES as REFERENCE_SHARES
from .train_reference import train as train_reference
from .train_sisr import SHARES, add_loss_arguments, make_loss
from .training import (
    LoopOptions,
    add_common_arguments,
    autocast,
    choose_device,
    load_ema_weights,
    to_device,
    train_loop,
)

STAGE = "ablation"
BATCHES, BATCH = 16, 8
"""Of the val crops each kind of reference is judged on."""
UNALIGNED = {
    "additive branch": AdditiveInjection,
    "cross-attention": ReferenceInjection,
    "re-assembly": ReassemblyInjection,
}
ALIGNED_ADDITIVE, FUSION = "additive branch, aligned", "fusion, aligned"
KINDS = {
    "the same picture": ReferenceKind.SAME_IMAGE,
    "another of its label": ReferenceKind.SAME_LABEL,
    "irrelevant": ReferenceKind.IRRELEVANT,
}
ALIGNED = "the same thing, aligned"


@dataclass(frozen=True)
class Trial:
    """Val crops of one kind: photo [n, 3, h, w], truth and reference, and where an aligned one reaches."""

    photo: torch.Tensor
    truth: torch.Tensor
    reference: torch.Tensor
    coverage: torch.Tensor | None = None


@dataclass(frozen=True)
class Gain:
    """Over the same generator without a reference: mean dB and mean LPIPS-like."""

    decibel: float
    lpips_like: float


Restore = Callable[[Trial], torch.Tensor]


def unaligned_trials(cache: PhotoCache, kind: ReferenceKind) -> Iterator[Trial]:
    weights = tuple(float(other is kind) for other in ReferenceKind)
    sampler = PairSampler(cache, CROP, BATCH, 0, REFERENCE_SIZE, weights)
    for step in range(BATCHES):
        batch = sampler.draw(step)
        damaged = damage(batch.clean, step, SHARES)
        yield Trial(damaged.photos, damaged.truths, batch.reference)


def aligned_trials(cache: PhotoCache) -> Iterator[Trial]:
    sampler = AlignedSampler(cache, CROP, BATCH, 0)
    for step in range(BATCHES):
        batch = sampler.draw(step)
        yield Trial(degrade_mixed(batch.clean, step), batch.clean, batch.aligned, batch.coverage)


def measure(
    trials: Iterator[Trial],
    restore: Restore,
    generator: Generator,
    features: FeatureNet,
    device: torch.device,
) -> Gain:
    """What ``restore`` gains over the generator alone."""
    decibels, distances = [], []
    with torch.no_grad():
        for trial in trials:
            trial = Trial(*(t if t is None else t.to(device) for t in vars(trial).values()))
            wanted = features(trial.truth)
            (none, none_far), (own, own_far) = (
                (squared_error(output, trial.truth), lpips_like(features(output.clamp(0, 1)), wanted))
                for output in (generator(trial.photo), restore(trial))
            )
            decibels.append(10 * (none / own).log10())
            distances.append(own_far - none_far)
    return Gain(float(torch.cat(decibels).mean()), float(torch.cat(distances).mean()))


def train_aligned(
    model: ReferenceModel, sampler: AlignedSampler, options: LoopOptions, device: torch.device
) -> dict:
    """The additive branch on references that lie over the photo, as the fusion gets them."""
    strength = torch.ones(1, device=device)

    def loss_at(step: int, progress: float) -> torch.Tensor:
        batch = sampler.draw(step)
        lr = degrade_mixed(batch.clean.to(device), sampler.seed * 1_000_003 + step)
        lr, clean, aligned = (
            t.to(device, memory_format=torch.channels_last) for t in (lr, batch.clean, batch.aligned)
        )
        with autocast(device):
            return charbonnier(model(lr, aligned, strength).float(), clean)

    return train_loop(model, options, loss_at, sampler.batch)


def reference_model(arguments: argparse.Namespace, injection: nn.Module) -> ReferenceModel:
    torch.manual_seed(arguments.seed)
    generator = Generator(with_reference=False)
    load_ema_weights(generator, arguments.init)
    return ReferenceModel(generator, injection)


def restore_by(model: ReferenceModel) -> Restore:
    def restore(trial: Trial) -> torch.Tensor:
        return model(trial.photo, trial.reference, torch.ones(1, device=trial.photo.device))

    return restore


def fuse_by(module: FusionNet, generator: Generator) -> Restore:
    def restore(trial: Trial) -> torch.Tensor:
        reached = torch.nn.functional.avg_pool2d(trial.coverage, FACTOR)
        strength = torch.ones(1, device=trial.photo.device)
        return blend(generator(trial.photo), *module(trial.photo, trial.reference, reached, strength))

    return restore


def trainable(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)


@dataclass(frozen=True)
class Row:
    """A mechanism: its trained parameters, minutes of training, and gains by kind of reference."""

    name: str
    parameters: int
    minutes: float
    gains: dict[str, Gain]


def document(rows: list[Row], samples: int) -> str:
    """The page of the comparison."""
    columns = [*KINDS, ALIGNED]
    lines = [
        "# Ways for a reference into the restoration",
        "",
        "`python -m rasr_training.ablate_reference --docs ../docs/benchmarks-references.md` in `training/`",
        f"wrote this page. Each way was trained on {samples:,} samples, on the same frozen generator, and",
        f"judged on {BATCHES * BATCH} val crops of {CROP} pixels a kind of reference, under the training's",
        "mixture of damage: dB over the same generator without a reference (up is better) / LPIPS-like",
        "(down is better).",
        "",
        "- **Additive branch**: the paper's (Eq. 2), the branch's maps stretched over the photo's.",
        "- **Cross-attention** to the reference's tokens in the first three decoder blocks: what ships.",
        "- **Re-assembly**: the maps laid out like the photo by their most similar 3 × 3 neighbourhoods.",
        "- **Fusion** at full resolution, of a reference that was aligned: what ships for the same object.",
        "- Aligned references are of the fusion's training kind: another rendition, a little off, partly",
        "  covered, partly out of sight, a tenth of them wrong.",
        "- Short runs on a CPU: they compare ways, and are not what ships. Minutes are the clock's: other",
        "  work on the machine counts in them, more for one than for another.",
        "",
        "| way | trained parameters | minutes | " + " | ".join(columns) + " |",
        "| --- | ---: | ---: |" + " ---: |" * len(columns),
    ]
    for row in rows:
        cells = [
            f"{row.gains[c].decibel:+.3f} / {row.gains[c].lpips_like:+.3f}" if c in row.gains else "–"
            for c in columns
        ]
        lines.append(f"| {row.name} | {row.parameters:,} | {row.minutes:.1f} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=0, learning_rate=6e-4, batch=8)
    add_loss_arguments(parser, perceptual=0, gram=0)
    parser.add_argument("--docs", type=Path, help="page to write")
    parser.set_defaults(steps=1000, init=Path("out/detail/last"))
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    cache = training_cache(arguments.data, arguments.out)
    val = open_cache(arguments.data, "val", arguments.out / "cache", SCALES)
    loss = make_loss(arguments, device)
    rows = []

    def options(name: str) -> LoopOptions:
        folder = arguments.out / STAGE / name.replace(" ", "-").replace(",", "")
        return LoopOptions(folder, arguments.steps, None, arguments.learning_rate)

    def judge(name: str, module: nn.Module, counters: dict, restore: Restore, trials: dict) -> None:
        module.eval()
        load_ema_weights(module, options(name).out / "last")
        generator = module.generator if isinstance(module, ReferenceModel) else plain
        gains = {kind: measure(ts, restore, generator, loss.features, device) for kind, ts in trials.items()}
        rows.append(Row(name, trainable(module), counters["seconds"] / 60, gains))
        print(rows[-1], flush=True)

    for name, mechanism in UNALIGNED.items():
        model = to_device(reference_model(arguments, mechanism()), device)
        sampler = PairSampler(cache, CROP, arguments.batch, arguments.seed, REFERENCE_SIZE)
        held_out = PairSampler(val, CROP, 16, 0, REFERENCE_SIZE)
        lessons = Lessons(sampler, REFERENCE_SHARES)
        counters = train_reference(model, lessons, held_out, loss, None, options(name), device)
        trials = {kind: unaligned_trials(val, value) for kind, value in KINDS.items()}
        judge(name, model, counters, restore_by(model), trials)

    sampler = AlignedSampler(cache, CROP, arguments.batch, arguments.seed)
    model = to_device(reference_model(arguments, AdditiveInjection()), device)
    counters = train_aligned(model, sampler, options(ALIGNED_ADDITIVE), device)
    judge(ALIGNED_ADDITIVE, model, counters, restore_by(model), {ALIGNED: aligned_trials(val)})

    torch.manual_seed(arguments.seed)
    plain = Generator(with_reference=False)
    load_ema_weights(plain, arguments.init)
    module, plain = to_device(FusionNet(), device), to_device(plain, device)
    held_out = AlignedSampler(val, CROP, 16, 0)
    fusion_loss = RestorationLoss(None, 0, 0)
    counters = train_fusion(module, plain, sampler, held_out, fusion_loss, options(FUSION), device)
    judge(FUSION, module, counters, fuse_by(module, plain), {ALIGNED: aligned_trials(val)})
    if arguments.docs:
        samples = arguments.steps * arguments.batch
        arguments.docs.write_text(document(rows, samples), encoding="utf-8")


if __name__ == "__main__":
    main()
