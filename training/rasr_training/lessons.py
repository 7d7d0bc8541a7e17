"""What a generator learns from at one step: poor photos, the truth, and a teacher's pictures of them."""

from collections.abc import Callable
from typing import NamedTuple

import torch

from .ahead import MadeAhead
from .damage import Damage, Damaged, damage
from .pairs import PairSampler, ReferenceKind

Teacher = Callable[[torch.Tensor], list[torch.Tensor]]
"""Photos [n, 3, h, w] in 0..1 -> the list of its one output [n, 3, 4h, 4w], not clamped."""
TAUGHT = (Damage.REAL_ESRGAN, Damage.PHONE)
"""What a teacher knows: it has nothing to say of photos that are merely small or slightly worn."""


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
    teacher: Teacher | None, photos: torch.Tensor, truths: torch.Tensor, kinds: torch.Tensor
) -> torch.Tensor:
    """The teacher's pictures [n, 3, s, s] in 0..1 of the photos it knows, the truth of the others.

    Without a teacher the truth is all there is to learn from. ``kinds`` [n] lies on the CPU.
    """
    asked = torch.isin(kinds, torch.tensor(TAUGHT)).nonzero().flatten().to(truths.device)
    if teacher is None or not len(asked):
        return truths
    with torch.no_grad():
        pictures = teacher(photos[asked])[0].float().clamp(0, 1)
    return truths.index_copy(0, asked, pictures)
