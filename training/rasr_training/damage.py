"""What happens to the clean crops of a training batch before the generator sees them."""

from enum import IntEnum
from typing import NamedTuple

import torch
import torch.nn.functional as F

from .degradation import LIGHT, REAL_ESRGAN, SCALE, degrade
from .phone_degradation import phone_shot

GROUPS = 8
"""A batch is damaged in this many groups, each with its own kind and resize factors."""


class Damage(IntEnum):
    """The Real-ESRGAN pipeline, a decent camera, a phone, and nothing but fewer pixels."""

    REAL_ESRGAN = 0
    LIGHT = 1
    PHONE = 2
    SHRUNK = 3


class Damaged(NamedTuple):
    """``photos`` [n, 3, s/4, s/4], their ``truths`` [n, 3, s, s], both in 0..1, and ``kinds`` [n]."""

    photos: torch.Tensor
    truths: torch.Tensor
    kinds: torch.Tensor


def damage(clean: torch.Tensor, seed: int, shares: tuple[float, ...]) -> Damaged:
    """Poor photos of ``clean`` [n, 3, s, s] in 0..1. ``shares`` are those of the kinds, in their order.

    A phone's light is part of the truth.
    """
    generator = torch.Generator().manual_seed(seed)
    photos, truths, kinds = [], [], []
    for part in clean.chunk(GROUPS):
        kind = Damage(int(torch.multinomial(torch.tensor(shares), 1, generator=generator)))
        if kind is Damage.PHONE:
            photo, part = phone_shot(part, generator)
        elif kind is Damage.SHRUNK:
            photo = torch.round(F.avg_pool2d(part, SCALE) * 255) / 255
        else:
            photo = degrade(part, LIGHT if kind is Damage.LIGHT else REAL_ESRGAN, generator)
        photos.append(photo)
        truths.append(part)
        kinds += [int(kind)] * len(part)
    return Damaged(torch.cat(photos), torch.cat(truths), torch.tensor(kinds, device=clean.device))
