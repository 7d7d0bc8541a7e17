"""What a generator learns from at one step: poor photos, the truth, and teachers' pictures of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch

from .ahead import MadeAhead
from .damage import Damage, Damaged, damage
from .pairs import PairSampler, ReferenceKind

Teacher = Callable[[torch.Tensor], list[torch.Tensor]]
"""Photos [n, 3, h, w] in 0..1 -> the list of its one output [n, 3, 4h, 4w], not clamped."""
Teachers = Mapping[Damage, Sequence[Teacher]]
"""Whom to ask about photos of a kind; nobody has anything to say of kinds that are not in it."""


class Lesson(NamedTuple):
    """A damaged batch; with references, these [n, 3, R, R] and their strengths [n], 0 for 'none'."""

    damaged: Damaged
    reference: torch.Tensor | None
    strength: torch.Tensor


class Lessons:
    """Lessons by step, the next ones made while the student learns from the last."""

    def __init__(self, sampler: PairSampler, shares: tuple[float, ...], workers: int = 0):
        self.sampler, self.shares, self.batch = sampler, shares, sampler.batch
        self.draw = MadeAhead(self._make, workers)

    def _make(self, step: int) -> Lesson:
        batch = self.sampler.draw(step)
        strength = torch.from_numpy(batch.kinds != ReferenceKind.NONE).float()
        return Lesson(damage(batch.clean, self.seed_at(step), self.shares), batch.reference, strength)

    def seed_at(self, step: int) -> int:
        return self.sampler.seed * 1_000_003 + step


def images_to_device(images: torch.Tensor, device: torch.device) -> torch.Tensor:
    return images.to(device, non_blocking=True).contiguous(memory_format=torch.channels_last)


def taught(
    teachers: Teachers, photos: torch.Tensor, truths: torch.Tensor, kinds: torch.Tensor
) -> torch.Tensor:
    """The average [n, 3, s, s] in 0..1 of the teachers' pictures of each photo, the truth if nobody is asked.

    ``kinds`` [n] lies on the CPU.
    """
    pictures = truths.clone()
    for kind, asked in teachers.items():
        places = (kinds == kind).nonzero().flatten().to(truths.device)
        if len(places):
            with torch.no_grad():
                seen = [teacher(photos[places])[0].float().clamp(0, 1) for teacher in asked]
            pictures[places] = torch.stack(seen).mean(0)
    return pictures
